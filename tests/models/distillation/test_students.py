"""Embedded models that learn from probabilities whose right answer is known."""

import pytest

from conf import locate
from models import category, page_type
from models.distillation.category_student import teach_category
from models.distillation.linear_students import MIN_TEXTS, teach_page_type, teach_quality
from models.page_type.features import PageContent
from models.taxonomy import read_taxonomy
from stages.extract.markup import FIELDS
from tests.models.texts import ENGLISH, ENGLISH_MENU

pytest.importorskip("sklearn")
MARKUP = {**dict.fromkeys(FIELDS, 0), "html_chars": 9000, "tags": 300, "links": 20}
ARTICLE, LIST = {"article": 0.9, "listing": 0.1}, {"article": 0.2, "listing": 0.8}


SITES = ("a.example", "c.example")  # of two folds, so that few models are fitted
FOOTBALL, BANKING = "football_soccer", "banking_finance"


def pages(count=20, markup=MARKUP):
    return [
        PageContent(
            (ENGLISH, ENGLISH_MENU)[n % 2],
            f"https://site-{n}.example/{n}",
            "T",
            markup and {**markup, "links": (20, 200)[n % 2] + n},
        )
        for n in range(count)
    ]


def taught(found):
    said = [(ARTICLE, LIST)[n % 2] for n in range(len(found))]
    return teach_page_type(found, said, [SITES[n // 2 % 2] for n in range(len(found))])


def test_a_page_type_is_as_probable_as_it_was_said_to_be(tmp_path):
    made = taught(pages())
    made.write(tmp_path, {"task": "page_type"})
    scores = page_type.load(weights=str(tmp_path)).score(pages())
    for number, (score, unseen) in enumerate(zip(scores, made.chances, strict=True)):
        wanted = (ARTICLE, LIST)[number % 2]["article"]
        assert score.probabilities["article"] == pytest.approx(wanted, abs=0.15)
        assert unseen["article"] == pytest.approx(wanted, abs=0.2)


def test_where_no_page_had_markup_all_are_judged_by_text_and_address(tmp_path):
    taught(pages(markup=None)).write(tmp_path, {})
    assert not (tmp_path / "page_type.json").exists()
    model = page_type.load(weights=str(tmp_path))
    assert model.score(pages()) == model.score(pages(markup=None))
    assert model.digest != page_type.digest()


@pytest.mark.slow
def test_a_category_is_as_probable_as_it_was_said_to_be(tmp_path):
    texts = [
        f"\n{words} number {n}"
        for n in range(12)
        for words in ("The striker scored in the cup final", "The bank raised its interest rate")
    ]
    said = [{FOOTBALL: 0.9, "world_history": 0.1}, {BANKING: 0.7, FOOTBALL: 0.3}] * 12
    taxonomy = read_taxonomy(locate("taxonomy.toml"))
    made = teach_category(texts, said, [SITES[n // 2 % 2] for n in range(len(texts))], taxonomy)
    made.write(tmp_path, {})
    model = category.load(weights=str(tmp_path))
    found = model.score(["\nA striker scored again in the final", "\nThe bank cut its rate"])
    assert [one.category for one in found] == [FOOTBALL, BANKING]
    assert made.chances[0][FOOTBALL] > made.chances[1][FOOTBALL]
    assert made.chances[1][BANKING] > 0.5


def test_a_language_of_few_texts_has_no_weights_and_is_counted():
    texts = [f"The mill number {n} stands by the river." for n in range(MIN_TEXTS)]
    texts += ["水车在河边。"] * (MIN_TEXTS - 1)
    said = [{"good": n % 2, "bad": 1 - n % 2} for n in range(len(texts))]
    made = teach_quality(texts, said, [f"s{n}" for n in range(len(texts))])
    assert made.left_out == {"language zh": MIN_TEXTS - 1}
    assert made.chances[0] is not None
    assert made.chances[-1] is None
    with pytest.raises(ValueError, match="30 of a language are needed"):
        teach_quality(texts[:20], said[:20], ["a"] * 20)


def test_a_checkpoint_that_says_the_same_of_all_teaches_nothing():
    texts = [f"The mill number {n} stands by the river." for n in range(MIN_TEXTS)]
    with pytest.raises(ValueError, match="one label or none"):
        teach_quality(texts, [{"good": 1.0, "bad": 0.0}] * MIN_TEXTS, [f"s{n}" for n in range(30)])
