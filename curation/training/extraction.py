"""Extraction as a pipeline serves it, with another finder of main text in its place."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from curation.config import PipelineConfig
from curation.errors import UsageError
from models.main_content import read_all
from models.main_content.reading.page_elements import PageElements
from schemas.page import Page
from stages.extract import Extract, Extraction, TextFormat, Tools, extract
from stages.extract.charset import decode
from stages.extract.html import parse, read
from stages.extract.main_text import Finder

if TYPE_CHECKING:
    from lxml.etree import _Element as Element


def extraction_tools(config: PipelineConfig) -> Tools:
    """What the extract stage of a pipeline loads. Raises UsageError for one that has none."""
    stage = config.stage.get(Extract.name)
    if not isinstance(stage, Extract):
        raise UsageError(f"{config.name}: runs no stage {Extract.name!r}, which training needs")
    return stage.open_tools()


def parse_page(page: Page) -> Element | None:
    """The tree of a page as the stage decodes and parses it; None if it has no element."""
    return parse(decode(page.body, page.http_charset).text)


def read_elements(page: Page) -> PageElements | None:
    """The elements of a page as the stage decodes and reads it; None if it has none."""
    decoded = decode(page.body, page.http_charset)
    return read(decoded.text, decoded.utf8)


def extract_by(find: Finder, page: Page, tools: Tools) -> Extraction:
    """The page as the stage extracts it, as plain text, but that ``find`` alone is asked for it."""
    tools = replace(tools, find=find, text_format=TextFormat.TEXT, second_opinion=None)
    return extract(page.body, url=page.url, http_charset=page.http_charset, tools=tools)


def extract_all(page: Page, tools: Tools) -> Extraction:
    """The page with every line that it shows as its text."""
    return extract_by(lambda page, _title: read_all(page.tree), page, tools)
