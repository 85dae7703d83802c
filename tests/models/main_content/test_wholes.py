import numpy as np

from models.main_content.reading.blocks import read_blocks
from models.main_content.wholes import keep_whole
from stages.extract.html import parse

TABLE = "<table><tr><td>a</td><td>b</td></tr><tr><td>c</td><td>d</td></tr></table>"


def kept(html, likely):
    """What is kept if the trees choose the blocks whose text ``likely`` names."""
    blocks, nodes = read_blocks(parse(f"<html><body>{html}</body></html>"))
    chosen = np.array([block.text in likely for block in blocks])
    whole = keep_whole(chosen, np.ones(len(blocks)), blocks, nodes)
    return [block.text for block, stays in zip(blocks, whole, strict=True) if stays]


def test_a_table_in_the_middle_of_the_text_is_part_of_it():
    html = f"<div><p>before</p><figure>{TABLE}</figure><p>after</p></div><p>foot</p>"
    assert kept(html, {"before", "after"}) == ["before", "a b", "c d", "after"]


def test_the_caption_of_a_table_goes_with_it():
    table = TABLE.replace("<table>", "<table><caption>Trips</caption>")
    html = f"<p>before</p>{table}<p>after</p>"
    assert kept(html, {"before", "after"}) == ["before", "Trips", "a b", "c d", "after"]


def test_a_caption_without_rows_is_no_table():
    table = "<table><caption>Photo: the harbour</caption><tr><td><img src=a></td></tr></table>"
    assert kept(f"<p>before</p>{table}<p>after</p>", {"before", "after"}) == ["before", "after"]


def test_labels_between_the_text_and_a_table_do_not_part_them():
    labels = "<label>Show 10 entries</label>"
    html = f"<div><p>before</p><div>{labels}{TABLE}<div>1 to 2 of 2</div></div><p>after</p></div>"
    assert kept(html, {"before", "after"}) == ["before", "a b", "c d", "after"]
    teaser = f"<p>{'What else there is to read. ' * 8}</p>"
    assert kept(f"<p>before</p>{teaser}{TABLE}<p>after</p>", {"before", "after"}) == [
        "before",
        "after",
    ]


def test_a_table_beside_the_text_is_not():
    assert kept(f"<div><p>before</p></div>{TABLE}<p>after</p>", {"before"}) == ["before"]


def test_a_table_half_of_which_is_chosen_is_taken_whole():
    assert kept(f"{TABLE}<p>after</p>", {"a b"}) == ["a b", "c d"]


def test_code_between_paragraphs_is_part_of_the_text():
    html = "<p>before</p><div><pre>x = 1\ny = 2</pre></div><p>after</p>"
    assert kept(html, {"before", "after"}) == ["before", "x = 1 y = 2", "after"]


def test_code_and_a_table_without_links_at_the_end_of_the_text_are_part_of_it():
    html = f"<article><p>before</p><pre>x</pre><pre>y</pre></article>{TABLE}<p>foot</p>"
    assert kept(html, {"before"}) == ["before", "x", "y"]
    html = f"<article><p>before</p><h2>Sizes</h2><div>{TABLE}</div></article><p>foot</p>"
    assert kept(html, {"before"}) == ["before", "a b", "c d"]
    linked = html.replace("a</td><td>b", "<a href=/a>a</a></td><td><a href=/b>b</a>")
    assert kept(linked, {"before"}) == ["before"]
    assert kept(f"<p>before</p>{TABLE}<p>foot</p>", {"before"}) == ["before"]


def test_code_in_a_table_with_line_numbers_in_a_figure_is_part_of_the_text():
    table = (
        "<table><tbody><tr><td class=gutter><pre>1\n2</pre></td>"
        "<td class=code><pre>x = 1\ny = 2</pre></td></tr></tbody></table>"
    )
    html = f"<div><p>before</p><figure class=highlight>{table}</figure><p>after</p></div>"
    assert kept(html, {"before", "after"}) == ["before", "x = 1 y = 2", "after"]


def test_code_in_front_of_the_text_is_not():
    assert kept("<pre>x</pre><p>before</p>", {"before"}) == ["before"]


def test_a_definition_list_is_taken_whole():
    html = "<dl><dt>a<dd>b<dt>c<dd>d</dl><p>e</p>"
    assert kept(html, {"b", "d"}) == list("abcd")


def test_a_formula_between_paragraphs_is_part_of_the_text_with_room_for_its_number():
    formula = "<script type='math/tex; mode=display'>n = 2</script>"
    html = f"<p>before</p><table><tr><td>{formula}</td><td>(3)</td></tr></table><p>after</p>"
    assert kept(html, {"before", "after"}) == ["before", "$$n = 2$$", "after"]
    assert kept(f"{html}{formula}", {"before", "after"}) == ["before", "$$n = 2$$", "after"]
    assert kept(html, {"after"}) == ["after"]
