import pytest

from curation.testing.samples import CHINESE, ENGLISH
from stages.extract import ExtractionMethod
from stages.extract.html import parse
from stages.extract.main_text import find_by_trafilatura, make_finder

CELLS = "".join(f"<tr><td>{word}</td><td>{word * 2}</td><td></td></tr>" for word in ("ab", "cd"))


def test_each_method_has_its_finder():
    assert make_finder(ExtractionMethod.TRAFILATURA) is find_by_trafilatura
    assert make_finder(ExtractionMethod.BLOCKS) is not find_by_trafilatura


@pytest.mark.parametrize("method", ExtractionMethod)
@pytest.mark.parametrize("text", [ENGLISH, CHINESE])
def test_every_method_finds_the_paragraph_of_a_page(method, text):
    tree = parse(f"<html><body><article><p>{text}</p></article></body></html>")
    assert "".join(make_finder(method)(tree, "").texts()).startswith(text[:20])


def test_lines_that_only_draw_a_table_are_left_out():
    tree = parse(
        f"<html><body><article><p>{ENGLISH}</p><table>{CELLS}</table></article></body></html>"
    )
    lines = find_by_trafilatura(tree, "").texts()
    assert any("abab" in line for line in lines)
    assert not [line for line in lines if set(line) <= set("|-: ")]
