from models.main_content import read_all
from models.main_content.main_text import MainText
from stages.extract.html import parse


def read(html):
    return read_all(parse(f"<html><body>{html}</body></html>"))


def test_a_line_knows_the_element_that_it_stands_in():
    found = read("<p>one</p><ul><li>two</ul>")
    assert [found.elements.tag[line.node] for line in found.lines] == ["p", "li"]


def test_a_row_of_data_has_its_cells_with_their_own_bars():
    found = read("<table><tr><th>a<th>b</tr><tr><td>x | y<td></tr></table>")
    assert [line.cells for line in found.lines] == [("a", "b"), ("x | y", "")]


def test_cells_of_a_row_that_holds_no_data_share_a_line():
    found = read("<table><tr><td>a<td>b</tr></table>")
    assert found.texts() == ["a b"]
    assert found.lines[0].cells == ()


def test_a_cell_with_several_blocks_is_no_line():
    poem = "<p>one<br>two</p><p>three</p>"
    assert read(f"<table><tr><td>menu<td>{poem}</tr></table>").texts() == [
        "menu", "one", "two", "three",
    ]  # fmt: skip
    entry = "<tr><td>void<td><code>add()</code><p>adds</p></tr>"
    assert read(f"<table>{entry}</table>").texts() == ["void add()", "adds"]
    assert read("<table><tr><td>one<br>two<td>three</tr></table>").texts() == [
        "one", "two", "three",
    ]  # fmt: skip


def test_a_formula_that_is_all_of_a_block_stands_by_itself():
    assert read("<p>is <img eeimg=1 alt=x^2></p><p><img eeimg=1 alt=x^2></p>").texts() == [
        "is $x^2$", "$$x^2$$",
    ]  # fmt: skip
    assert read("<p>$PATH$</p>").texts() == ["$PATH$"]


def test_what_a_mailing_list_puts_under_each_message_is_left_out():
    mail = f"One\n\n  two\n{'_' * 47}\nharmonic mailing list\nhttp://list.example\n"
    assert read(f"<pre>{mail}</pre>").texts() == ["One\n\n  two\n"]
    assert read(f"<pre>{mail}\n{'three ' * 30}</pre>").texts()[0].endswith("three\n")


def test_joined_texts_keep_the_elements_that_their_lines_stand_in():
    one, other = read("<p>one</p>"), read("<ul><li>two</ul>")
    joined = MainText.join([one, other])
    assert joined.texts() == ["one", "two"]
    assert [joined.elements.tag[line.node] for line in joined.lines] == ["p", "li"]
    place = joined.lines[1].node
    assert joined.elements.tag[joined.elements.parent[place]] == "ul"
