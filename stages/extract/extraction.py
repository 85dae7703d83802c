"""A page's bytes to its main text, title, charset and markup measures: one decode, one reading."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum
from functools import cache
from urllib.parse import urlsplit

from models.main_content import read_all
from models.main_content.main_text import MainText
from models.main_content.reading.page_elements import PageElements, read_elements
from schemas.verdict import Edit
from stages.extract.charset import decode
from stages.extract.html import read
from stages.extract.main_text import TextFormat, write_text
from stages.extract.markup import Markup, measure_markup
from stages.extract.other_language import OtherLanguage
from stages.extract.page_data import text_in_data
from stages.extract.page_title import find_title
from stages.extract.paragraphs import normalise, normalise_main_text
from stages.extract.site_rule import ExtractionRule, drop, elements, first_text
from stages.extract.tools import Tools, load_tools
from stages.sites import rule_for


class Cut(StrEnum):
    """Why a line of the main text is not in the text."""

    KEYWORD_LINE = "keyword_line"


class FoundBy(StrEnum):
    """What a text was found by: trees, trafilatura, a site's rule, the page's data, and so on."""

    BLOCKS = "blocks"
    TRAFILATURA = "trafilatura"
    SITE_RULE = "site_rule"
    DATA = "data"
    SECOND_OPINION = "second_opinion"


@dataclass(frozen=True, slots=True)
class Extraction:
    """What a page says, and what was seen on the way.

    ``text`` has one line for each paragraph, or is Markdown if that was asked for. ``published`` is
    the date as the page writes it, where a site rule says where; else "". ``found_by`` says what
    found the text (None for a page where nothing was looked for), ``confidence`` which F1 the trees
    expected of what they found (None where none were asked). ``edits`` are the keyword lines that
    were cut, by their numbers in the text with them.
    One that is surely in ``other_language`` has a sample of its text, and nothing else was done.
    """

    text: str
    title: str
    charset: str
    markup: Markup
    published: str = ""
    other_language: OtherLanguage | None = None
    confidence: float | None = None
    found_by: FoundBy | None = None
    edits: tuple[Edit, ...] = ()


@dataclass(frozen=True, slots=True)
class UndecodedPage:
    """A page's body, and what its response said of that."""

    body: bytes
    url: str
    http_charset: str
    is_plain_text: bool


@cache
def _shipped_tools() -> Tools:
    return load_tools()


def extract(
    body: bytes, *, url: str, http_charset: str | None = None, tools: Tools | None = None
) -> Extraction:
    """The main text of an HTML page; empty if it has none. Broken markup raises nothing.

    ``tools`` are those that ship with the project unless given. A page that makes a parser hang
    or crash does so here too: the stage runs this in a sandbox.
    """
    tools = tools or _shipped_tools()
    decoded = decode(body, http_charset)
    find = tools.find_other_language
    other = find(decoded.text, encoded=decoded.utf8) if find else None
    if other:
        markup = Markup(html_chars=len(decoded.text))
        return Extraction(other.sample, "", decoded.charset, markup, other_language=other)
    page = read(decoded.text, decoded.utf8)
    if page is None:
        return Extraction("", "", decoded.charset, Markup(html_chars=len(decoded.text)))
    markup = measure_markup(page, len(decoded.text))
    rule = rule_for(tools.rules, _host(url)) or ExtractionRule()
    published = _named(page, rule.date)
    if rule.drop and drop(page.tree, rule.drop):
        page = read_elements(page.tree)
    title = _named(page, rule.title) or find_title(page, url)
    found, found_by = _find(page, title, rule, tools)
    second = tools.second_opinion.on(found, decoded.text, url) if tools.second_opinion else None
    if second:
        found, found_by = second, FoundBy.SECOND_OPINION
    text, edits = _write(found, tools)
    return Extraction(
        text,
        title,
        decoded.charset,
        markup.with_main(found.links),
        published,
        confidence=found.confidence,
        found_by=found_by,
        edits=edits,
    )


def _find(
    page: PageElements, title: str, rule: ExtractionRule, tools: Tools
) -> tuple[MainText, FoundBy]:
    """What the site's rule names; else what the finder finds, or what the page's data holds."""
    if rule.body:
        named = MainText.join(map(read_all, elements(page.tree, rule.body)))
        if named.lines:
            return named, FoundBy.SITE_RULE
    found = tools.find(page, title)
    in_data = text_in_data(found, page)
    return (in_data, FoundBy.DATA) if in_data else (found, FoundBy(tools.method))


def _named(page: PageElements, expressions: tuple[str, ...]) -> str:
    """The first text that a site rule's expressions find."""
    return first_text(page.tree, expressions) if expressions else ""


def _write(found: MainText, tools: Tools) -> tuple[str, tuple[Edit, ...]]:
    """The text, normalised, without keyword lines at either end, and those lines."""
    found = normalise_main_text(found)
    lines = found.texts()
    main_part = tools.keyword_lines.main_part(lines)
    text = write_text(replace(found, lines=found.lines[main_part]), tools.text_format)
    start, stop, _ = main_part.indices(len(lines))
    behind = start + text.count("\n") + 1
    head = (Edit(number, line, Cut.KEYWORD_LINE) for number, line in enumerate(lines[:start]))
    tail = (Edit(behind + n, line, Cut.KEYWORD_LINE) for n, line in enumerate(lines[stop:]))
    return text, (*head, *tail)


def extract_page(page: UndecodedPage, tools: Tools) -> Extraction:
    """What a page says, be it HTML or plain text."""
    if page.is_plain_text:
        return extract_plain(page.body, page.http_charset, tools.text_format)
    return extract(page.body, url=page.url, http_charset=page.http_charset, tools=tools)


def extract_plain(
    body: bytes,
    http_charset: str | None = None,
    text_format: TextFormat = TextFormat.TEXT,
) -> Extraction:
    """The text of a ``text/plain`` body: decoded and normalised, its lines kept."""
    decoded = decode(body, http_charset)
    markup = Markup(html_chars=len(decoded.text))
    found = MainText.of_texts(normalise(decoded.text))
    return Extraction(write_text(found, text_format), "", decoded.charset, markup)


def _host(url: str) -> str:
    try:
        return urlsplit(url).hostname or ""
    except ValueError:
        return ""
