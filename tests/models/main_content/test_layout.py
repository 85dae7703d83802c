import numpy as np

from models.main_content.characters import measure
from models.main_content.layout import HELD_WORDS, lay_out, number_pairs, sum_subtrees
from models.main_content.reading.blocks import read_blocks
from stages.extract.html import parse

POST = "<div class='post p{n}'><b>name {n}</b><p>some words of post {n}</p><p>and more</p></div>"
THREAD = "<nav><a>x</a></nav><main>" + "".join(POST.format(n=n) for n in range(5)) + "</main>"


def layout_of(html):
    blocks, nodes = read_blocks(parse(f"<html><body>{html}</body></html>"))
    return blocks, nodes, lay_out(blocks, nodes, measure([block.text for block in blocks], ""))


def test_each_element_holds_the_words_of_all_that_is_in_it():
    rng = np.random.default_rng(2)
    parent = np.array([-1, *(rng.integers(0, n) for n in range(1, 30))])
    node = rng.integers(0, 30, 50)
    own = rng.random((50, 2))
    expected = np.zeros((30, 2))
    for start, values in zip(node, own, strict=True):
        place = start
        while place >= 0:
            expected[place] += values
            place = parent[place]
    assert np.allclose(sum_subtrees(parent, node, own), expected)


def test_the_unit_of_a_block_in_a_thread_is_its_post():
    _, nodes, layout = layout_of(THREAD)
    units = layout.unit[layout.node]
    assert units[0] == -1  # the navigation is no repeated element
    assert {nodes.kind[unit] for unit in units[1:]} == {"div.post"}
    assert len(set(units[1:].tolist())) == 5


def test_two_siblings_are_no_repetition():
    _, _, layout = layout_of("<p>one two</p><p>three</p>")
    assert set(layout.unit.tolist()) == {-1}


def test_the_body_holds_all_words():
    _, _, layout = layout_of(THREAD)
    assert layout.held[0, HELD_WORDS] == layout.words.sum()


def test_pairs_are_numbered_alike_if_they_are_equal():
    found = number_pairs(np.array([0, 1, 0, 1]), np.array([2, 2, 2, 0]))
    assert found[0] == found[2]
    assert len(set(found.tolist())) == 3
