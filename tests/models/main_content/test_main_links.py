import numpy as np

from models.main_content.characters import WORDS, measure_spans
from models.main_content.layout import lay_out
from models.main_content.main_links import MainLinks
from models.main_content.reading.blocks import read_page
from models.main_content.reading.page_elements import read_elements
from stages.extract.html import parse

ENTRY = (
    "<div class=item><h3><a href=/{0}>A title of story {0}</a></h3><p>What it tells of.</p></div>"
)
LIST = "<h1>Stories</h1>" + "".join(map(ENTRY.format, range(4))) + "<p>About <a href=/>us</a>.</p>"


def links_of(body, chosen=None):
    blocks, nodes = read_page(read_elements(parse(f"<html><body>{body}</body></html>")))
    counts = measure_spans(blocks.codes, blocks.starts, blocks.ends, "")
    layout = lay_out(blocks, nodes, counts)
    unit = layout.unit[layout.node]
    kind = np.where(unit < 0, -1, layout.group[unit])
    main = np.ones(len(blocks), bool) if chosen is None else chosen(blocks)
    return MainLinks.of(main, blocks, nodes, counts[:, WORDS], unit, kind)


def test_entries_are_units_that_begin_with_a_link():
    assert links_of(LIST) == MainLinks(
        chars=len("Stories") + 4 * len("A title of story 0" + "What it tells of.") + len("About us."),
        link_chars=4 * len("A title of story 0") + len("us"),
        blocks=10,
        linked_blocks=4,
        links=5,
        headings=5,
        linked_headings=4,
        units=4,
        linked_units=4,
    )  # fmt: skip


def test_what_is_no_main_text_does_not_count():
    found = links_of(LIST, lambda blocks: np.array([block.text == "Stories" for block in blocks]))
    assert found == MainLinks(chars=7, blocks=1, headings=1)


def test_paragraphs_that_begin_with_words_are_no_linked_units():
    prose = "".join(f"<p>It says {n}, as <a href=/{n}>others</a> do.</p>" for n in range(5))
    found = links_of(prose)
    assert (found.units, found.linked_units, found.links) == (5, 0, 5)


def test_of_two_kinds_of_units_the_one_with_more_words_counts():
    menu = "<ul>" + "".join(f"<li><a href=/{n}>To {n}</a>" for n in range(9)) + "</ul>"
    prose = "".join(
        f"<p>A paragraph of many more words than the menu has, {n}.</p>" for n in range(3)
    )
    assert (links_of(menu + prose).units, links_of(menu + prose).linked_units) == (3, 0)


def test_no_main_text_has_no_links():
    assert links_of(LIST, lambda blocks: np.zeros(len(blocks), bool)) == MainLinks()
