"""What the pages say is there: links, anchors, and the names of our code."""

import importlib
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
PAGES = sorted(
    page
    for pattern in ("*.md", "docs/**/*.md", "benchmarks/*.md", "models/cards/*.md")
    for page in ROOT.glob(pattern)
)
OF_TODAY = [p for p in PAGES if p.name != "CHANGELOG.md" and p.parent.name != "decisions"]
LINK = re.compile(r"\[[^\]]*\]\(([^)\s]+)\)")
CODE = re.compile(r"```.*?```|`[^`\n]*`", re.DOTALL)
NAME = re.compile(r"`((?:curation|stages|models|schemas|conf|jobs)(?:\.\w+)+)(?:\(\))?`")


def name_of(page):
    return str(page.relative_to(ROOT))


def anchors(page):
    """What a heading is linked by: its words in lower case, joined by hyphens."""
    headings = re.findall(r"^#+ (.*)$", page.read_text("utf-8"), re.MULTILINE)
    words = [re.sub(r"[^\w\- ]", "", heading).strip().lower() for heading in headings]
    return {heading.replace(" ", "-") for heading in words}


@pytest.mark.parametrize("page", PAGES, ids=name_of)
def test_every_link_within_the_project_leads_to_a_file_and_a_heading(page):
    text = CODE.sub("", page.read_text("utf-8"))
    for target in LINK.findall(text):
        if re.match(r"\w+:", target):
            continue
        path, _, anchor = target.partition("#")
        found = (page.parent / path).resolve() if path else page
        assert found.exists(), target
        assert found.is_relative_to(ROOT), target
        assert not anchor or anchor in anchors(found), target


def is_there(name):
    """Whether a dotted name is a module of ours or what stands in one, or in a class there."""
    parts = name.split(".")
    for count in range(len(parts), 0, -1):
        try:
            found = importlib.import_module(".".join(parts[:count]))
        except ImportError:
            continue
        for part in parts[count:]:
            fields = getattr(found, "__dataclass_fields__", {})
            if part not in fields and not hasattr(found, part):
                return False
            found = getattr(found, part, None)
        return True
    return False


@pytest.mark.parametrize("page", OF_TODAY, ids=name_of)
def test_every_name_of_our_code_is_there(page):
    names = set(NAME.findall(page.read_text("utf-8")))
    assert [name for name in sorted(names) if not is_there(name)] == []


def test_the_glossary_has_thirty_words_at_most():
    text = (ROOT / "docs" / "architecture.md").read_text("utf-8")
    glossary = text.split("## Words")[1].split("\n## ")[0]
    words = re.findall(r"^\| (?!word )([\w ]+) \|", glossary, re.MULTILINE)
    assert 20 <= len(set(words)) == len(words) <= 30


@pytest.mark.parametrize("folder", ["stages", "decisions", "annotation"])
def test_an_index_lists_every_page_beside_it(folder):
    index = ROOT / "docs" / folder / "index.md"
    listed = set(LINK.findall(index.read_text("utf-8")))
    assert {page.name for page in index.parent.glob("*.md")} - {"index.md"} <= listed


def test_every_page_is_in_the_sites_navigation_or_left_out_by_name():
    site = (ROOT / "mkdocs.yml").read_text("utf-8")
    pages = {str(p.relative_to(ROOT / "docs")) for p in (ROOT / "docs").rglob("*.md")}
    assert {p for p in pages if p not in site} == {p for p in pages if re.match(r"decisions/\d", p)}
