import pytest

from models.main_content import read_lines
from models.main_content.reading import blocks as reading
from stages.extract.html import parse


def lines(html):
    return read_lines(parse(f"<html><body>{html}</body></html>"))


def table(*rows, cell="td", attributes=""):
    cells = ("".join(f"<{cell}>{value}</{cell}>" for value in row) for row in rows)
    return f"<table {attributes}>{''.join(f'<tr>{row}</tr>' for row in cells)}</table>"


def test_a_row_is_a_line_and_its_cells_are_told_apart():
    assert lines(table(("year", "crop"), ("2019", "1.5"), ("2020", "1.7"))) == [
        "| year | crop |",
        "| 2019 | 1.5 |",
        "| 2020 | 1.7 |",
    ]


def test_an_empty_cell_keeps_its_column():
    assert lines(table(("a", "b", "c"), ("1", "", "3"))) == ["| a | b | c |", "| 1 |  | 3 |"]


def test_a_cell_with_lines_and_markup_is_one_cell():
    html = table(("a", "<p>b</p><p><i>c</i>d</p>"), ("e<br>f", "<div>g</div>h"))
    assert lines(html) == ["| a | b cd |", "| e f | g h |"]


@pytest.mark.parametrize("other", ["<code>c</code>", "10<sup>5</sup>", "<b><i>c</i></b>"])
def test_rows_that_are_not_plain_are_read_alike(other, monkeypatch):
    html = table(("a<br>b", f"<a href=/2>d</a> {other}"), ("<p>e</p>f", "<b>g</b>"))
    once = lines(html)
    monkeypatch.setattr(reading, "read_plain_row", lambda *_: False)
    assert lines(html) == once


def test_a_source_line_that_ends_between_han_characters_is_no_blank():
    html = table(("市群众\n艺术馆", "a\n b"), ("<a href=/2>市图书馆</a>\n", "<b>2</b> <i>kg</i>"))
    assert lines(html) == ["| 市群众艺术馆 | a b |", "| 市图书馆 | 2 kg |"]


def test_a_caption_stands_above_its_rows():
    html = "<table><caption>Crops</caption><tr><th>y<th>c<tr><td>1<td>2</table>"
    assert lines(html) == ["Crops", "| y | c |", "| 1 | 2 |"]


def test_cells_over_several_rows_and_columns_count_in_each():
    html = (
        "<table><tr><td>crop<td>sort<td>tons</tr><tr><td rowspan=2>rice<td>early<td>8.2</tr>"
        "<tr><td>late<td>1.6</tr><tr><td colspan=2>all<td>9.8</tr></table>"
    )
    assert lines(html) == [
        "| crop | sort | tons |", "| rice | early | 8.2 |", "| late | 1.6 |", "| all | 9.8 |",
    ]  # fmt: skip
    assert lines(html.replace("span=2", "span=2x"))[0] == "crop sort tons"


PARAGRAPH = (
    "A paragraph of an article, which is longer than any value in a table of data would be. " * 2
)
LAYOUTS = {
    "long cells": table(("menu", PARAGRAPH), ("more", PARAGRAPH)),
    "one row": table(("left", "right")),
    "a role": table(("a", "b"), ("c", "d"), attributes="role=presentation"),
    "a table inside": table(("menu", "x"), ("a", table(("b", "c"), ("d", "e")))),
    "a heading inside": table(("<h2>News</h2>", "x"), ("a", "b")),
    "a thread": table(("who", "what"), ("ann", PARAGRAPH * 3), cell="th"),
}


@pytest.mark.parametrize("name", LAYOUTS)
def test_a_table_made_for_layout_is_read_as_text(name):
    read = lines(LAYOUTS[name])
    if name == "a table inside":
        read = read[:1]
    assert read
    assert not [line for line in read if line.startswith("|")]


def test_definition_and_nested_lists_are_read_in_order():
    html = "<dl><dt>a<dd>b<dt>c<dd>d</dl><ul><li>e<ol><li>f<li>g</ol>h<li>i</ul>"
    assert lines(html) == list("abcdefghi")


def test_text_around_a_table_is_no_part_of_it():
    html = f"before{table(('1', '2'), ('3', '4'))}after"
    assert lines(html) == ["before", "| 1 | 2 |", "| 3 | 4 |", "after"]
