import numpy as np

from models.main_content.characters import measure
from models.main_content.context import compute_context
from models.main_content.layout import lay_out
from models.main_content.reading.blocks import read_blocks
from stages.extract.html import parse


def layout_of(html):
    blocks, nodes = read_blocks(parse(f"<html><body>{html}</body></html>"))
    return blocks, lay_out(blocks, nodes, measure([block.text for block in blocks], ""))


def test_a_block_sees_what_was_guessed_of_its_like_far_away():
    menu = "<ul>" + "<li>entry</li>" * 60 + "</ul>"
    _, layout = layout_of(f"<p class=a>one two</p>{menu}<p class=a>three four</p>")
    guess = np.zeros(62)
    guess[-1] = 1.0
    first, entry = compute_context(guess, layout)[[0, 1]]
    assert (first == 0.5).any()  # the mean of the two paragraphs
    assert not (entry == 0.5).any()


def test_the_context_of_a_page_of_one_block_is_finite():
    _, layout = layout_of("<p>alone</p>")
    assert np.isfinite(compute_context(np.zeros(1), layout)).all()
