import pytest

from curation.testing.samples import CHINESE, ENGLISH
from models.main_content.reading.page_elements import read_elements
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
    page = read_elements(parse(f"<html><body><article><p>{text}</p></article></body></html>"))
    assert "".join(make_finder(method)(page, "").texts()).startswith(text[:20])


def test_lines_that_only_draw_a_table_are_left_out():
    tree = parse(
        f"<html><body><article><p>{ENGLISH}</p><table>{CELLS}</table></article></body></html>"
    )
    lines = find_by_trafilatura(read_elements(tree), "").texts()
    assert any("abab" in line for line in lines)
    assert not [line for line in lines if set(line) <= set("|-: ")]


def test_names_that_xml_has_not_end_no_page_for_trafilatura():
    item = "<li><a class=x @click.stop=\"open('y')\"><span>Menu</span></a></li>"
    article = f"<article><p>{ENGLISH}</p><p>The end of it.</p></article>"
    html = f"<html><body><ul>{6 * item}</ul>{article}</body></html>"
    assert find_by_trafilatura(read_elements(parse(html)), "").texts()[-1] == "The end of it."
