import numpy as np
import pytest

from models.main_content import MAX_BLOCKS, MainContent, load, read_lines
from models.main_content.characters import measure
from models.main_content.context import compute_context
from models.main_content.features import compute_features
from models.main_content.fit import Example, train
from models.main_content.layout import lay_out
from models.main_content.reading.blocks import read_blocks
from models.main_content.reading.names import NAMES
from models.main_content.reading.nodes import CONTEXTS
from models.main_content.reading.page_elements import read_elements
from models.main_content.rounds import SCRIPTS, Rounds, save
from stages.extract.html import parse


def page_of(html):
    return read_elements(parse(html))


def blocks_of(html):
    return read_blocks(parse(f"<html><body>{html}</body></html>"))


def texts(html):
    return [block.text for block in blocks_of(html)[0]]


@pytest.mark.parametrize(
    ("html", "expected"),
    [
        ("<p>one <b>two</b>\n three</p>four", ["one two three", "four"]),
        ("a<br>b<br/>c", ["a", "b", "c"]),
        ("<div>a<div>b</div>c</div>d", ["a", "b", "c", "d"]),
        ("<p>a<script>x</script>b</p>", ["ab"]),
        ("<p>a<span>b<div>c</div>d</span>e</p>", ["ab", "c", "de"]),
        ("<select><option>x</select>y", ["y"]),
        ("<p> \n </p>", []),
    ],
)
def test_text_is_cut_at_the_boundaries_of_blocks_and_none_is_lost(html, expected):
    assert texts(html) == expected


def test_the_characters_of_links_and_strong_text_are_counted():
    (block,), _ = blocks_of("<p>ab <a href=x>cde</a> <b>fg</b></p>")
    assert (block.link_chars, block.links, block.strong_chars) == (3, 1, 2)


def test_a_block_knows_what_it_stands_in():
    (block,), nodes = blocks_of("<div class='Sidebar'><div><nav><p>x</p></nav></div></div>")
    assert nodes.inherited[block.node] >> list(NAMES).index("side") & 1
    assert nodes.contexts[block.node] >> CONTEXTS.index("nav") & 1
    assert not nodes.near[block.node] >> list(NAMES).index("side") & 1


def test_hidden_elements_hide_what_is_in_them():
    (block,), nodes = blocks_of("<div style='display: none'><p>x</p></div>")
    assert nodes.hidden[block.node] == 1


def test_cells_of_a_row_share_a_line():
    html = "<table><tr><td>a</td><td>b</td></tr><tr><td>c</td></tr></table><p>d</p>"
    assert read_lines(parse(html)) == ["a b", "c", "d"]


def flat_layout(count):
    """As many paragraphs of one word, all children of the body."""
    blocks, nodes = blocks_of("<p>word</p>" * count)
    return lay_out(blocks, nodes, measure([block.text for block in blocks], ""))


@pytest.mark.slow
def test_the_kernel_predicts_what_scikit_learn_predicts(monkeypatch):
    pytest.importorskip("sklearn")
    from models.main_content import fit as training

    fitted = []
    flatten = training.flatten
    monkeypatch.setattr(
        training, "flatten", lambda model: (fitted.append(model), flatten(model))[1]
    )
    rng = np.random.default_rng(5)
    rows = rng.random((600, 6)).astype(np.float32)
    label = (rows[:, 0] > 0.5) * 0.8 + rows[:, 3] * 0.1
    example = Example(rows, flat_layout(600), label.astype(np.float64), "a.org", 1.0)
    trees = training._fit([example])
    expected = fitted[0].predict(rows).clip(0, 1)
    assert np.abs(trees.predict(rows) - expected).max() < 1e-12


@pytest.mark.slow
def test_training_twice_gives_the_same_trees():
    pytest.importorskip("sklearn")
    rng = np.random.default_rng(6)
    examples = [
        Example(
            rng.random((80, 4)).astype(np.float32),
            flat_layout(80),
            rng.random(80),
            f"{number}.org",
            1.0,
        )
        for number in range(4)
    ]
    for one, other in zip(train(examples), train(examples), strict=True):
        assert np.array_equal(one.value, other.value)


def test_the_features_are_as_many_as_the_trees_know():
    model = load()
    blocks, nodes = blocks_of("<h1>t</h1><p>one paragraph of text</p>")
    counts = measure([block.text for block in blocks], "t")
    layout = lay_out(blocks, nodes, counts)
    rows = compute_features(blocks, nodes, counts, layout)
    assert np.isfinite(rows).all()
    for first, second in (model.chinese, model.others):
        assert first.feature.max() < rows.shape[1]
        context = compute_context(first.predict(rows), layout)
        assert rows.shape[1] <= second.feature.max() < rows.shape[1] + context.shape[1]


class Nothing:
    """Says of each block that it is no main text."""

    def predict(self, rows):
        return np.zeros(len(rows))


@pytest.mark.parametrize(
    ("text", "is_chinese"),
    [("一行足够长的中文正文。", True), ("A line of text that is long enough.", False)],
)
def test_chinese_pages_have_trees_of_their_own(text, is_chinese):
    every, nothing = Rounds(EveryBlock(), EveryBlock()), Rounds(Nothing(), Nothing())
    page = page_of(f"<p>{text}</p>" * 3)
    assert bool(MainContent("chinese", "", every, nothing).find(page, "").texts()) is is_chinese
    assert bool(MainContent("others", "", nothing, every).find(page, "").texts()) is not is_chinese


def test_rounds_are_read_as_they_were_written(tmp_path):
    model = load()
    save(model.others, model.chinese, tmp_path / "weights.npz")
    with np.load(tmp_path / "weights.npz") as arrays:
        swapped = [Rounds.from_arrays(arrays, name) for name in SCRIPTS]
    for found, meant in zip(swapped, (model.others, model.chinese), strict=True):
        assert all(
            np.array_equal(one.value, other.value) and np.array_equal(one.roots, other.roots)
            for one, other in zip(found, meant, strict=True)
        )


def test_the_text_of_a_page_without_scripts_is_read():
    assert texts("<noscript><p>the thread, for crawlers</p></noscript>") == [
        "the thread, for crawlers"
    ]


def test_text_that_a_page_holds_twice_is_taken_once():
    paragraph = "<p>This paragraph of the story stands in the page for both widths of screen.</p>"
    story = "".join(paragraph.replace("story", f"story {n}") for n in range(6))
    page = page_of(f"<body><main>{story}</main><div>{story}</div></body>")
    lines = load().find(page, "").texts()
    assert lines
    assert len(set(lines)) == len(lines)


class EveryBlock:
    """Says of each block that it is main text."""

    def predict(self, rows):
        return np.full(len(rows), 0.9)


class Guess:
    """Says of the first block that it is main text, and of the others that they may be."""

    def predict(self, rows):
        return np.array([0.9, *[0.4] * (len(rows) - 1)])


def test_on_a_page_that_sells_one_product_doubtful_text_is_left_out():
    reviews = "".join(f"<p>{f'review {n} ' * 10}</p>" for n in range(20))
    page = f"<p>{'description ' * 100}</p>{reviews}"
    product = "<meta property='og:type' content='product'>"
    model = MainContent("guess", "", *[Rounds(Guess(), Guess())] * 2)
    assert len(model.find(page_of(page), "").lines) == 21
    assert len(model.find(page_of(product + page), "").lines) == 1


def test_a_page_without_text_has_no_main_text():
    assert load().find(page_of("<p></p>"), "").texts() == []


@pytest.mark.parametrize("count", [MAX_BLOCKS - 1, MAX_BLOCKS, MAX_BLOCKS + 1, 2 * MAX_BLOCKS + 7])
def test_a_page_of_any_number_of_blocks_is_read_whole(count):
    model = MainContent("guess", "", *[Rounds(EveryBlock(), EveryBlock())] * 2)
    lines = model.find(page_of("".join(f"<p>{n}" for n in range(count))), "").texts()
    assert lines == [str(n) for n in range(count)]
