import random
from dataclasses import replace

import pytest

from curation.training.corruptions import CORRUPTIONS
from curation.training.written_texts import read_written
from models.quality import digest, load, score
from models.text import languages
from models.text.languages import Languages
from tests.models.texts import CHINESE, CHINESE_MENU, ENGLISH, ENGLISH_MENU


def quality(text):
    return score([text])[0].quality


@pytest.mark.parametrize(("prose", "menu"), [(ENGLISH, ENGLISH_MENU), (CHINESE, CHINESE_MENU)])
def test_prose_is_better_than_a_menu(prose, menu):
    assert quality(prose) > 0.5 > quality(menu)


UNSEEN = [
    one.text
    for one in read_written("zh")
    if one.is_good and not one.is_for_tuning and one.kind in {"essay", "news", "leaflet"}
]


@pytest.mark.parametrize("kind", CORRUPTIONS)
def test_a_corruption_of_a_chinese_text_is_worse_than_the_text(kind):
    assert UNSEEN
    corrupted = [CORRUPTIONS[kind](text, random.Random(1)) for text in UNSEEN]
    pairs = zip(score(corrupted), score(UNSEEN), strict=True)
    assert all(made.quality < whole.quality for made, whole in pairs)


def test_the_language_is_that_of_the_letters():
    assert [result.language for result in score([ENGLISH, CHINESE])] == ["en", "zh"]


@pytest.mark.parametrize("text", ["", " \n", "!!! …", "\ud800"])
def test_a_text_without_a_letter_or_digit_is_worth_nothing(text):
    assert quality(text) == 0.0


def test_a_score_is_between_0_and_1_and_the_same_in_any_batch():
    texts = [ENGLISH, CHINESE, ENGLISH_MENU, "a", "中", "1 2 3"]
    scores = score(texts)
    assert all(0 <= result.quality <= 1 for result in scores)
    assert scores == [score([text])[0] for text in texts]
    assert load().score([]) == []


def test_the_digest_covers_every_language_and_what_is_known_of_it(monkeypatch):
    before = digest()
    assert before not in {model.digest for model in load().models.values()}
    english = replace(languages.KNOWN.records["en"], digest="of another file")
    monkeypatch.setattr(languages, "KNOWN", Languages({**languages.KNOWN.records, "en": english}))
    assert digest() != before
