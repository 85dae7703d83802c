"""What lists of takedowns name, and which pages that covers."""

import pytest

from curation.errors import RecordError, UsageError
from curation.sources.takedown.entries import Kind, parse_list
from curation.sources.takedown.lists import TakedownList, Takedowns, store, stored_lists

GIVEN = "2026-01-02T03:04:05Z"


def listed(text, given=GIVEN, name="list.txt"):
    return TakedownList(name, given, parse_list(name, text.encode()))


def covers(text, url, doc_id="0" * 32):
    return Takedowns([listed(text)]).find(url, doc_id) is not None


@pytest.mark.parametrize(
    ("line", "kind"),
    [
        ("https://a.example/b?c=1", Kind.URL),
        ("a.example/b", Kind.URL),
        ("http://a.example", Kind.URL),
        ("a.example", Kind.SITE),
        ("例子.中国", Kind.SITE),
        ("192.0.2.1", Kind.SITE),
        ("0123456789abcdefABCDEF0123456789", Kind.ID),
    ],
)
def test_a_line_names_a_page_a_site_or_a_capture(line, kind):
    [entry] = listed(f"\ufeff# a note\r\n\r\n  {line} \r\n").entries
    assert (entry.kind, entry.line) == (kind, 3)


@pytest.mark.parametrize(
    "line",
    [
        *("com", "co.uk", "github.io", "localhost", "*.a.example", "a.example:80", "0123abcd"),
        *("a b.example", "mailto:me@a.example", "http://", "/etc/passwd", "a..example", "-", "?"),
        *("http://a.example/\x1b[2J", "javascript:alert(1)", "a" * 300 + ".example"),
    ],
)
def test_junk_is_named_with_its_line(line):
    with pytest.raises(UsageError, match=r"list\.txt, line 2: ") as refused:
        listed(f"a.example\n{line}\n")
    assert "nothing was taken down" in str(refused.value)


def test_every_junk_line_is_named_but_of_very_many_the_first():
    with pytest.raises(UsageError) as refused:
        listed("x y\n" * 30)
    assert "line 20: " in str(refused.value)
    assert "and 10 lines more" in str(refused.value)


def test_bytes_that_are_no_text_are_junk():
    with pytest.raises(UsageError, match=r"line 1: .* is not UTF-8"):
        parse_list("list.txt", b"\xff\xfe.example\n")


@pytest.mark.parametrize("text", ["", "\n \n", "# nothing yet\n"])
def test_a_list_that_names_nothing_is_refused(text):
    with pytest.raises(UsageError, match="names nothing"):
        listed(text)


@pytest.mark.parametrize(
    ("line", "covered", "left"),
    [
        ("http://a.example/b", "HTTPS://www.A.example:443/b/#top", "http://a.example/b/c"),
        ("a.example/b?q=1", "http://a.example/b?q=1", "http://a.example/b?q=2"),
        ("http://a.example/%E4%B8%AD", "http://a.example/中", "http://a.example/%E4%B8"),
        ("https://a.example", "http://a.example/", "http://a.example/b"),
        ("a.example", "http://news.a.example/b", "http://aa.example/"),
        ("news.a.example", "http://news.a.example/", "http://a.example/"),
        ("例子.中国", "http://xn--fsqu00a.xn--fiqs8s/x", "http://中国/"),
    ],
)
def test_what_a_line_covers_and_what_it_leaves(line, covered, left):
    assert covers(line, covered)
    assert not covers(line, left)


def test_an_id_covers_one_capture_alone():
    assert covers("ab" * 16, None, "ab" * 16)
    assert not covers("ab" * 16, "http://a.example/", "cd" * 16)


def test_of_two_lists_the_first_given_is_named():
    lists = [listed("a.example", "2026-02", "second"), listed("a.example/b", "2026-01", "first")]
    taken = Takedowns(lists).find("http://a.example/b", None)
    assert str(taken).startswith("url a.example/b, line 1 of first (")


def test_a_list_that_is_given_again_stays_as_it_was(tmp_path):
    store(str(tmp_path), listed("a.example\nb.example", "2026-01"))
    store(str(tmp_path), listed("# other words\nb.example\na.example", "2026-02", "again"))
    [kept] = stored_lists(str(tmp_path)).open().lists
    assert (kept.given, kept.name) == ("2026-01", "list.txt")


def test_a_stored_list_that_was_edited_is_refused(tmp_path):
    store(str(tmp_path), listed("a.example"))
    [path] = (tmp_path / "_takedowns").iterdir()
    path.write_text(path.read_text().replace("a.example", "b.example"))
    with pytest.raises(RecordError):
        stored_lists(str(tmp_path)).open()
