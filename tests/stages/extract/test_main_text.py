import pytest

from stages.extract import Method
from stages.extract.html import parse
from stages.extract.main_text import find_by_trafilatura, is_chinese, make_finder
from tests.stages.samples import CHINESE, ENGLISH

CELLS = "".join(f"<tr><td>{word}</td><td>{word * 2}</td><td></td></tr>" for word in ("ab", "cd"))


def page(text):
    return parse(f"<html><body><p>{text}</p><script>{'var x;' * 500}</script></body></html>")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (CHINESE, True),
        (ENGLISH, False),
        (f"{CHINESE} {ENGLISH[:200]}", True),
        (f"{ENGLISH * 3} 语料", False),
        ("", False),
    ],
)
def test_a_page_is_chinese_by_what_it_shows(text, expected):
    assert is_chinese(page(text)) is expected


def test_each_script_has_its_finder(monkeypatch):
    monkeypatch.setattr("stages.extract.main_text.find_by_trafilatura", lambda *_: ["trafilatura"])
    find = make_finder(Method.BY_SCRIPT)
    assert find(page(ENGLISH), "") == ["trafilatura"]
    assert "".join(find(page(CHINESE), "")).startswith(CHINESE[:20])


def test_lines_that_only_draw_a_table_are_left_out():
    tree = parse(
        f"<html><body><article><p>{ENGLISH}</p><table>{CELLS}</table></article></body></html>"
    )
    lines = find_by_trafilatura(tree, "")
    assert any("abab" in line for line in lines)
    assert not [line for line in lines if set(line) <= set("|-: ")]
