import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.main_content import load
from models.main_content.choice import choose
from models.main_content.confidence import AS_EXPECTED, Confidence, expect_f1, fit_confidence
from stages.extract.html import parse

SHARES = st.floats(0, 1)


def test_the_choice_is_what_has_the_best_expected_f1():
    rng = np.random.default_rng(3)
    for _ in range(20):
        probability, words = rng.random(6), rng.integers(1, 50, 6).astype(float)
        sets = [np.array([bool(n >> bit & 1) for bit in range(6)]) for n in range(1, 64)]
        best = max(expect_f1(one, probability, words) for one in sets)
        assert expect_f1(choose(probability, words), probability, words) == pytest.approx(best)


def test_nothing_is_expected_of_nothing():
    assert expect_f1(np.zeros(3, bool), np.zeros(3), np.ones(3)) == 0.0
    assert expect_f1(np.zeros(0, bool), np.zeros(0), np.zeros(0)) == 0.0


@given(SHARES, SHARES)
def test_more_is_expected_of_what_there_is_more_confidence_in(one, other):
    confidence = Confidence(intercept=-0.4, slope=0.8)
    low, high = sorted((one, other))
    assert 0 <= confidence.of(low) <= confidence.of(high) <= 1


def test_what_is_fitted_is_the_line_that_the_pages_were_made_by():
    true = Confidence(intercept=-0.5, slope=0.7)
    expected = np.random.default_rng(4).uniform(0.2, 0.99, 2000)
    fitted = fit_confidence(expected.tolist(), [true.of(share) for share in expected])
    assert fitted.intercept == pytest.approx(true.intercept, abs=0.02)
    assert fitted.slope == pytest.approx(true.slope, abs=0.02)


@pytest.mark.parametrize("pages", [0, 1, 50])
def test_however_few_or_alike_the_pages_there_is_a_confidence(pages):
    fitted = fit_confidence([0.9] * pages, [1.0] * pages)
    assert fitted.of(0.9) >= 0.9
    assert (fitted == AS_EXPECTED) is (pages == 0)


def test_a_confidence_is_read_back_as_it_was_written(tmp_path):
    path = tmp_path / "confidence.json"
    Confidence(intercept=-0.25, slope=1.5).write(path)
    assert Confidence.read(path) == Confidence(intercept=-0.25, slope=1.5)


def test_an_article_is_surer_than_a_list_of_teasers():
    model = load()
    sentence = "The river rises in the northern hills and runs for ninety miles to the sea, slowly."
    article = "<h1>Rivers</h1>" + "".join(f"<p>{sentence} {n}</p>" for n in range(12))
    teasers = "".join(
        f"<div class=card><a href=/{n}>Story {n}</a><p>{sentence} {n}</p></div>" for n in range(12)
    )
    sure, unsure = (
        model.find(parse(f"<body><nav><a href=/>Home</a></nav>{page}</body>"), "Rivers").confidence
        for page in (f"<article>{article}</article>", teasers)
    )
    assert sure > unsure


def test_a_page_without_text_has_no_confidence():
    assert load().find(parse("<p></p>"), "").confidence is None
