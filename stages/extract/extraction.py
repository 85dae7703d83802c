"""A page's bytes to its main text, title, charset and markup measures: one decode, one parse."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import cache, partial
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from conf import locate
from models import language
from models.main_content import read_all
from models.main_content.main_text import MainText
from stages.extract.charset import decode
from stages.extract.html import parse
from stages.extract.keyword_lines import KeywordLines, load_keyword_lines
from stages.extract.main_text import ExtractionMethod, Finder, TextFormat, make_finder, write_text
from stages.extract.markup import Markup, measure_markup
from stages.extract.other_language import OtherLanguage, find_other_language
from stages.extract.page_data import text_in_data
from stages.extract.page_title import find_title
from stages.extract.paragraphs import normalise, normalise_main_text
from stages.extract.site_rule import ExtractionRule, drop, elements, first_text
from stages.sites import load_sites, rule_for

if TYPE_CHECKING:
    from lxml.etree import _Element as Element


@dataclass(frozen=True, slots=True)
class Extraction:
    """What a page says, and what was seen on the way.

    ``text`` has one line for each paragraph, or is Markdown if that was asked for.

    ``published`` is the date as the page writes it, where a site rule says where; else "".
    One that is surely in ``other_language`` has a sample of its text, and nothing else was done.
    """

    text: str
    title: str
    charset: str
    markup: Markup
    published: str = ""
    other_language: OtherLanguage | None = None


@dataclass(frozen=True, slots=True)
class UndecodedPage:
    """A page's body, and what its response said of that."""

    body: bytes
    url: str
    http_charset: str
    is_plain_text: bool


@dataclass(frozen=True)
class Tools:
    """What is loaded once: rules by domain, keyword lines, what finds lines of main text.

    ``find_other_language`` tells pages that are not worth extracting, if there are such;
    ``text_format`` says how texts are written.
    """

    rules: Mapping[str, ExtractionRule]
    keyword_lines: KeywordLines
    find: Finder
    find_other_language: Callable[[str], OtherLanguage | None] | None = None
    text_format: TextFormat = TextFormat.TEXT


def load_tools(
    sites: str = "sites",
    keyword_lines: str = "keyword_lines.toml",
    method: ExtractionMethod = ExtractionMethod.BLOCKS,
    languages: tuple[str, ...] = (),
    language_model: str = "embedded",
    text_format: TextFormat = TextFormat.TEXT,
) -> Tools:
    """Read rules, keyword lines and models; raises in words for the user, naming the file.

    With ``languages``, pages that are surely in none of them are found before they are parsed.
    """
    find_other = None
    if languages:
        identifier = language.load(language_model)
        find_other = partial(find_other_language, identifier=identifier, wanted=languages)
    return Tools(
        load_sites(locate(sites), "extract", ExtractionRule),
        load_keyword_lines(locate(keyword_lines)),
        make_finder(method),
        find_other,
        text_format,
    )


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
    other = tools.find_other_language(decoded.text) if tools.find_other_language else None
    if other:
        markup = Markup(html_chars=len(decoded.text))
        return Extraction(other.sample, "", decoded.charset, markup, other_language=other)
    tree = parse(decoded.text)
    if tree is None:
        return Extraction("", "", decoded.charset, Markup(html_chars=len(decoded.text)))
    markup = measure_markup(tree, len(decoded.text))
    rule = rule_for(tools.rules, _host(url)) or ExtractionRule()
    published = first_text(tree, rule.date)
    drop(tree, rule.drop)
    title = first_text(tree, rule.title) or find_title(tree, url)
    found = normalise_main_text(_find(tree, title, rule, tools))
    main_part = tools.keyword_lines.main_part(found.texts())
    text = write_text(replace(found, lines=found.lines[main_part]), tools.text_format)
    return Extraction(text, title, decoded.charset, markup, published)


def _find(tree: Element, title: str, rule: ExtractionRule, tools: Tools) -> MainText:
    """What the site's rule names; else what the finder finds, or what the page's data holds."""
    named = MainText.join(map(read_all, elements(tree, rule.body)))
    if named.lines:
        return named
    found = tools.find(tree, title)
    return text_in_data(found, tree) or found


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
