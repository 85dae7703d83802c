import json
from dataclasses import replace

import pytest

from models.page_type.features import PageContent
from models.page_type.fit import Example, fit
from models.page_type.words import BUCKETS
from stages.extract.markup import FIELDS
from tests.models.texts import ENGLISH, ENGLISH_MENU

pytest.importorskip("sklearn")
BASELINES = {"majority", "length", "tf-idf"}
MARKUP = {**dict.fromkeys(FIELDS, 0), "html_chars": 9000, "tags": 300}


def examples(count=20):
    for number in range(count):
        site, kind = f"site-{number}.example", ("article", "listing")[number % 2]
        text = (ENGLISH, ENGLISH_MENU)[number % 2]
        markup = {**MARKUP, "links": (20, 200)[number % 2] + number}
        yield Example(PageContent(text, f"https://{site}/{number}", "T", markup), kind, site, "en")


@pytest.mark.parametrize("with_markup", [True, False])
def test_the_model_of_text_alone_reads_no_markup(with_markup):
    made = fit(list(examples()), with_markup=with_markup)
    [listing] = made.weights.values()
    assert ("html_links" in listing.by_feature) == with_markup
    assert len(listing.by_dimension) == 2 * 512 + BUCKETS
    assert made.about["summary"]["accuracy"] == 1.0
    assert set(made.about.get("baselines", ())) == (BASELINES if with_markup else set())
    json.dumps(made.about)


def test_of_an_example_without_mass_nothing_is_learnt():
    unseen = Example(
        PageContent("odd words"), "video", "a.example", "en", "made", mass=0.0, is_page=False
    )
    with_it = fit([*examples(), unseen], with_markup=False)
    assert with_it.weights == fit(list(examples()), with_markup=False).weights
    assert with_it.about["by_source"]["en made"]["pages"] == 1
    assert with_it.about["summary"]["pages"] == 20


def test_pages_that_lack_counts_are_not_judged_by_their_silence():
    """Every list says that it is one, every article that it is one: silence says neither."""
    says = ("declared_articles", "declared_lists")
    declared = [
        replace(example, page=replace(example.page, markup={**example.page.markup, name: 1}))
        for example, name in zip(examples(), says * 10, strict=True)
    ]
    [listing] = fit(declared, with_markup=True).weights.values()
    article, lists = (listing.by_feature[name] for name in says)
    assert article < 0 < lists
    assert article == pytest.approx(-lists, rel=0.2)
