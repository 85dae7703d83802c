"""Extraction as a stage: in a child process, where no page can do harm."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import partial
from hashlib import sha256
from importlib import metadata
from typing import Annotated, ClassVar

import pyarrow as pa
from annotated_types import Unit

from conf import locate
from models import language
from models.main_content import load
from schemas.verdict import Verdict, keep, quarantine, remove
from stages.base import Bytes, Count, DocumentStage, Judge, Positive, Ratio, Row, Seconds
from stages.extract.extraction import (
    Extraction,
    UndecodedPage,
    extract,
    extract_page,
)
from stages.extract.main_text import ExtractionMethod, TextFormat
from stages.extract.markup import Markup
from stages.extract.other_language import OtherLanguage
from stages.extract.second_opinion import TRAFILATURA, digest_reader, find_reader
from stages.extract.tools import Tools, load_tools
from stages.recall import Bound, Limit, Threshold
from stages.sandbox import Failure, FailureReason, Limits, Sandbox
from stages.sites import digest_sites

WALL_FACTOR = 30
"""A page has 30 times its CPU time by the wall clock: a machine with 30 processes a core is slow, a
page that uses no CPU time at all is stuck."""


class ExtractReason(StrEnum):
    """Why a page is removed, or (the last four) could not be judged."""

    HTML_TOO_LARGE = "html_too_large"
    OTHER_LANGUAGE = "other_language"
    NO_TEXT = "no_text"
    TEXT_TOO_SHORT = "text_too_short"
    TIMED_OUT = "timed_out"
    OUT_OF_MEMORY = "out_of_memory"
    CRASHED = "crashed"
    EXTRACTION_FAILED = "extraction_failed"


FAILURES = {
    FailureReason.TIMED_OUT: ExtractReason.TIMED_OUT,
    FailureReason.OUT_OF_MEMORY: ExtractReason.OUT_OF_MEMORY,
    FailureReason.CRASHED: ExtractReason.CRASHED,
    FailureReason.RAISED: ExtractReason.EXTRACTION_FAILED,
}


@dataclass(frozen=True)
class Extract(DocumentStage):
    """HTML to text, in a child process with a time and a memory limit.

    A document that has text already passes. Source: the dots.llm1 report (arXiv:2506.05767),
    appendix C, "Text Extraction", which follows RefinedWeb in using trafilatura, with adjusted
    HTML patterns, keyword filtering and content lengths, but gives no values.
    Deviations: the main text is found by trained trees over blocks (``models.main_content``),
    more of it and faster than trafilatura finds it (docs/stages/extract.md);
    ``method = "trafilatura"`` is the paper's. Patterns, keywords and lengths are our own.
    The time is CPU time, so that no verdict depends on what else a machine does.
    """

    name: ClassVar[str] = "extract"
    version: ClassVar[int] = 11
    reads: ClassVar[tuple[str, ...]] = (
        "body",
        "text",
        "title",
        "content_type",
        "url",
        "http_charset",
    )
    follows: ClassVar[Mapping[str, tuple[str, str]]] = {
        "languages": ("language", "languages"),
        "language_model": ("language", "model"),
    }
    writes: ClassVar[Mapping[str, pa.DataType]] = {
        "title": pa.string(),
        "text": pa.string(),
        "published": pa.string(),
        "charset": pa.string(),
        "markup": pa.struct([(name, pa.int32()) for name in Markup.__dataclass_fields__]),
        "confidence": pa.float64(),
        "found_by": pa.string(),
    }
    thresholds: ClassVar[Mapping[str, Threshold]] = {
        "min_confidence": Threshold("confidence", Bound.AT_LEAST)
    }

    timeout_s: Seconds = 20.0
    """Processor time for one page; by the wall clock it has 30 times as much."""
    max_memory_bytes: Bytes = 2 << 30
    """What the child process that reads pages may map besides what it shares with its worker."""
    max_pages_per_child: Annotated[Positive, Unit("pages")] = 2000
    """After so many the child is replaced."""
    max_body_bytes: Bytes = 8 << 20
    """Larger bodies are removed before they are decoded."""
    min_text_chars: Annotated[Count, Unit("characters")] = 20
    """Shorter texts are removed."""
    method: ExtractionMethod = ExtractionMethod.BLOCKS
    """What finds the main text: "blocks" (trees over blocks) or "trafilatura" (the paper's)."""
    format: TextFormat = TextFormat.TEXT
    """How the text is written: "text", a line for each paragraph, or "markdown"."""
    min_confidence: Ratio = 0.0
    """Pages of less take the second opinion's text, where it has one; 0: none does."""
    second_opinion: str = TRAFILATURA
    """What reads those pages: "trafilatura", or a callable as "package.module:name", which is given
    a page's HTML and its URL and gives a text or None."""
    sites: str = "sites"
    """The folder of rules for single sites."""
    keyword_lines: str = "keyword_lines.toml"
    """The file of lines to cut at both ends of a text."""
    languages: tuple[str, ...] = ()
    """A page that is surely in none of them leaves early; none: no page does. Where the language
    stage runs, its ``languages``."""
    language_model: str = "embedded"
    """What tells the language. Where the language stage runs, its ``model``."""

    def __post_init__(self) -> None:
        """Raise ValueError for a second opinion that is not there."""
        try:
            find_reader(self.second_opinion)
        except ValueError as error:
            raise ValueError(f"second_opinion = {self.second_opinion!r}: {error}") from error

    def limits_in_force(self) -> tuple[Limit, ...]:
        """The confidence below which a second opinion is asked, where one is."""
        return super().limits_in_force() if self.min_confidence else ()

    def resources(self) -> Mapping[str, str]:
        """Site rules, keyword lines and model; all are read, so that faults show before a run."""
        self.open_tools()
        lines = locate(self.keyword_lines)
        models = {f"language model {self.language_model}": language.digest(self.language_model)}
        finder = (
            {"trafilatura": metadata.version("trafilatura")}
            if self.method is ExtractionMethod.TRAFILATURA
            else {"main_content": load().digest}
        )
        return {
            **(models if self.languages else {}),
            **digest_sites(locate(self.sites)),
            lines.name: sha256(lines.read_bytes()).hexdigest(),
            **finder,
            **(digest_reader(self.second_opinion) if self.min_confidence else {}),
        }

    def open(self) -> Judge:
        """Load what children share. None is started yet: the first page that needs one does."""
        limits = Limits(
            max_cpu_s=self.timeout_s,
            max_wall_s=WALL_FACTOR * self.timeout_s,
            max_memory_bytes=self.max_memory_bytes,
            max_items_per_child=self.max_pages_per_child,
        )
        sandbox = Sandbox(self.open_extractor, limits)
        sandbox.load()
        return _OpenedExtract(self, sandbox)

    def open_extractor(self) -> Callable[[UndecodedPage], Extraction]:
        """What the child runs: rules and models are loaded once, before limits apply."""
        tools = self.open_tools()
        # The first page imports and compiles what others use; the child alone calls others' code.
        is_ours = self.second_opinion == TRAFILATURA
        first = tools if is_ours else replace(tools, second_opinion=None)
        # With a formula, it is read from its bytes and from its tree.
        extract(b"<html><body><p>first<math><mi>x", url="", tools=first)
        return partial(extract_page, tools=tools)

    def open_tools(self) -> Tools:
        """The rules and models that the settings name."""
        return load_tools(
            self.sites,
            self.keyword_lines,
            self.method,
            self.languages,
            self.language_model,
            text_format=self.format,
            min_confidence=self.min_confidence,
            second_opinion=self.second_opinion,
        )

    def judge_one(self, row: Row, sandbox: Sandbox[UndecodedPage, Extraction]) -> Verdict:
        """The verdict on a page, extracted in a sandbox."""
        if row["text"]:
            given = {"title": row["title"], "text": row["text"]}
            return keep({**_columns(None), **given})
        body = row["body"] or b""
        if len(body) > self.max_body_bytes:
            detail = f"body of {len(body)} bytes > max_body_bytes = {self.max_body_bytes}"
            return remove(ExtractReason.HTML_TOO_LARGE, detail, _columns(None))
        is_plain = row["content_type"] == "text/plain"
        outcome = sandbox(
            UndecodedPage(body, row["url"] or "", row["http_charset"] or "", is_plain)
        )
        if isinstance(outcome, Failure):
            return quarantine(FAILURES[outcome.reason], outcome.detail, _columns(None))
        return self._judge_extraction(outcome.value)

    def _judge_extraction(self, page: Extraction) -> Verdict:
        columns, chars = _columns(page), len(page.text)
        if page.other_language:
            return remove(
                ExtractReason.OTHER_LANGUAGE, self._describe_language(page.other_language), columns
            )
        if not chars:
            detail = f"no text in {page.markup.html_chars} characters of HTML"
            return remove(ExtractReason.NO_TEXT, detail, columns)
        if chars < self.min_text_chars:
            detail = f"{chars} characters < min_text_chars = {self.min_text_chars}"
            return remove(ExtractReason.TEXT_TOO_SHORT, detail, columns, page.edits)
        return keep(columns, page.edits)

    def _describe_language(self, found: OtherLanguage) -> str:
        wanted = " or ".join(self.languages)
        return (
            f"mostly {found.language}; at most {found.wanted_ratio:.2f} of what was read before "
            f"extraction is {wanted}"
        )


@dataclass(frozen=True)
class _OpenedExtract:
    stage: Extract
    sandbox: Sandbox[UndecodedPage, Extraction]

    def start(self) -> None:
        self.sandbox.start()

    def __call__(self, rows: Sequence[Row]) -> list[Verdict]:
        return [self.stage.judge_one(row, self.sandbox) for row in rows]


def _columns(page: Extraction | None) -> dict[str, object]:
    """The written columns; a page that gave nothing keeps the title that its source had."""
    if page is None:
        return {
            "text": "",
            "published": "",
            "charset": "",
            "markup": None,
            "confidence": None,
            "found_by": None,
        }
    return {
        "title": page.title,
        "text": page.text,
        "published": page.published,
        "charset": page.charset,
        "markup": page.markup.as_row(),
        "confidence": page.confidence,
        "found_by": page.found_by,
    }
