"""What extraction loads once, and finds every page's text with."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial

from conf import locate
from models import language
from stages.extract.keyword_lines import KeywordLines, load_keyword_lines
from stages.extract.main_text import ExtractionMethod, Finder, TextFormat, make_finder
from stages.extract.other_language import LanguageFinder, find_other_language
from stages.extract.second_opinion import TRAFILATURA, SecondOpinion, find_reader
from stages.extract.site_rule import ExtractionRule
from stages.sites import load_sites


@dataclass(frozen=True)
class Tools:
    """Rules by domain, keyword lines, and what finds the main text, by which method.

    ``find_other_language`` tells pages that are not worth extracting, if there are such;
    ``text_format`` says how texts are written; ``second_opinion`` reads what the finder doubts.
    """

    rules: Mapping[str, ExtractionRule]
    keyword_lines: KeywordLines
    find: Finder
    find_other_language: LanguageFinder | None = None
    method: ExtractionMethod = ExtractionMethod.BLOCKS
    text_format: TextFormat = TextFormat.TEXT
    second_opinion: SecondOpinion | None = None


def load_tools(
    sites: str = "sites",
    keyword_lines: str = "keyword_lines.toml",
    method: ExtractionMethod = ExtractionMethod.BLOCKS,
    languages: tuple[str, ...] = (),
    language_model: str = "embedded",
    *,
    text_format: TextFormat = TextFormat.TEXT,
    min_confidence: float = 0.0,
    second_opinion: str = TRAFILATURA,
) -> Tools:
    """Read rules, keyword lines and models; raises in words for the user, naming the file.

    With ``languages``, pages that are surely in none of them are found before they are parsed;
    with ``min_confidence``, pages of less are read by the second opinion.
    """
    find_other = None
    if languages:
        identifier = language.load(language_model)
        find_other = partial(find_other_language, identifier=identifier, wanted=languages)
    second = SecondOpinion(min_confidence, find_reader(second_opinion)) if min_confidence else None
    return Tools(
        load_sites(locate(sites), "extract", ExtractionRule),
        load_keyword_lines(locate(keyword_lines)),
        make_finder(method),
        find_other,
        method,
        text_format,
        second,
    )
