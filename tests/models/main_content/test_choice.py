import numpy as np
import pytest

from models.main_content.choice import PRODUCT_ODDS, choose, leave_one_copy, sharpen
from models.main_content.reading.blocks import read_blocks
from stages.extract.html import parse


@pytest.mark.parametrize("odds", [1.0, PRODUCT_ODDS])
def test_the_chosen_blocks_have_the_best_expected_f1_of_all_subsets(odds):
    rng = np.random.default_rng(3)
    for _ in range(50):
        probability, words = rng.random(8), rng.integers(1, 60, 8).astype(float)
        sharp = sharpen(probability, odds)
        subsets = np.array([[n >> bit & 1 for bit in range(8)] for n in range(1, 256)], bool)

        def expected(subset, p=sharp, w=words):
            return 2 * (p * w)[subset].sum() / (w[subset].sum() + (p * w).sum())

        best = max(map(expected, subsets))
        assert expected(choose(probability, words, odds)) == pytest.approx(best)


def test_blocks_that_cannot_be_main_text_are_never_chosen():
    assert not choose(np.zeros(3), np.ones(3)).any()


def test_odds_are_multiplied_before_they_are_sharpened():
    found = sharpen(np.array([0.8]), 0.5)  # odds of 4, then 2, then 2 ** 1.5
    assert found[0] / (1 - found[0]) == pytest.approx(2**1.5)


def test_much_text_that_is_hardly_likely_is_left_out_where_a_page_sells_one_product():
    probability, words = np.array([0.9, *[0.4] * 20]), np.array([100.0, *[20.0] * 20])
    assert choose(probability, words).all()
    assert choose(probability, words, PRODUCT_ODDS).tolist() == [True] + [False] * 20


def read(*parts):
    """The blocks and elements of parts of a page, all at 0.8, and their words."""
    blocks, nodes = read_blocks(parse(f"<html><body>{''.join(parts)}</body></html>"))
    words = np.array([float(len(block.text.split())) for block in blocks])
    return np.full(len(blocks), 0.8), words, blocks, nodes


TEXT = "a line of five words"


def test_of_copies_the_likeliest_stays_and_of_equals_the_first():
    _, words, blocks, nodes = read(
        f"<p>{TEXT}</p><p>another line of words</p><div>{TEXT}</div><h2>{TEXT}</h2>"
    )
    found = leave_one_copy(np.array([0.4, 0.5, 0.8, 0.8]), words, blocks, nodes)
    assert found.tolist() == [0.0, 0.5, 0.8, 0.0]


def test_copies_of_a_short_text_all_stay():
    assert leave_one_copy(*read("<p>Yes</p><div>Yes</div>")).tolist() == [0.8, 0.8]


def test_a_line_that_comes_again_in_the_same_kind_of_place_stays():
    lines = [f"<dd>open {n}</dd><dd>the path of the file</dd>" for n in range(5)]
    assert leave_one_copy(*read("<dl>", *lines, "</dl>")).all()


def test_a_run_of_blocks_that_comes_again_is_a_copy_of_it():
    story = "<p>The mill stands.</p><p>It has stood for long.</p><p>Nobody knows why.</p>"
    found = leave_one_copy(*read(f"<div>{story}</div>", "<p>Between.</p>", f"<div>{story}</div>"))
    assert found.tolist() == [0.8, 0.8, 0.8, 0.8, 0.0, 0.0, 0.0]


def test_rows_and_code_that_come_again_are_no_copies():
    table = "<table><tr><th>Name</th><th>Unit</th></tr>" + "".join(
        f"<tr><td>depth of harbour {n}</td><td>metres below the chart</td></tr>" for n in range(3)
    )
    code = "<pre>git switch main\ngit merge topic\ngit push origin main\ngit log --all</pre>"
    assert leave_one_copy(*read(f"{table}</table>", f"{table}</table>", code, code)).all()
