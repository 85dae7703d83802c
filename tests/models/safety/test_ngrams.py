import itertools

import pytest

from models.safety.features import BUCKETS, features_of, telling_words
from models.safety.ngrams import WINDOW, hash_word, ngrams_of


def expected(text):
    """The n-grams by the words of the definition, for texts of Latin words or of Han characters."""
    if text.isascii():
        words = text.lower().split()
        pairs = [f"{one} {other}" for one, other in itertools.pairwise(words)]
        return {*words, *pairs}
    return {text[start : start + size] for start in range(len(text)) for size in range(1, 5)}


@pytest.mark.parametrize("text", ["the casino pays the player", "真人荷官在线发牌", "x"])
def test_words_pairs_and_runs_of_characters_are_ngrams(text):
    assert set(ngrams_of(text).hashes.tolist()) == {hash_word(one) for one in expected(text)}


def test_a_mark_between_characters_parts_their_runs():
    assert hash_word("赌场") not in ngrams_of("赌，场").hashes.tolist()


def test_numbers_of_as_many_digits_are_the_same():
    assert ngrams_of("bonus 88").hashes.tolist() == ngrams_of("bonus 25").hashes.tolist()
    assert ngrams_of("bonus 88").hashes.tolist() != ngrams_of("bonus 888").hashes.tolist()


@pytest.mark.parametrize("units", [1, WINDOW, WINDOW + 1, 5 * WINDOW - 3])
def test_windows_share_the_words_of_a_text(units):
    ngrams = ngrams_of(" ".join(["word"] * units))
    assert len(ngrams.sizes) == max(1, round(units / WINDOW))
    assert ngrams.sizes.sum() == len(ngrams.hashes) == 2 * units - 1
    assert ngrams.sizes.max() - ngrams.sizes.min() <= 3


@pytest.mark.parametrize("text", ["", "!?", "\ud800"])
def test_a_text_without_words_has_no_window(text):
    ngrams = ngrams_of(text)
    assert (len(ngrams.hashes), len(ngrams.sizes)) == (0, 0)


def test_a_phrase_that_no_text_can_have_is_refused():
    with pytest.raises(ValueError, match="neither one word, nor two"):
        hash_word("three words here")


def test_telling_words_are_found_where_they_stand():
    words = telling_words()
    columns, values, windows = features_of(ngrams_of("claim free spins now"))
    group = BUCKETS + words.names.index("gambling_sells")
    found = columns == group
    assert found.sum() == 1
    assert set(windows.tolist()) == {0}
    assert values[found].min() > values[~found].max()


def test_the_hash_of_a_word_is_the_one_that_the_weights_were_fitted_with():
    hashes = [hash_word("casino"), hash_word("赌场")]
    assert hashes == [3960874412918923994, 2013487302473024851]
