"""Pages are judged by their URL alone, before anything is spent on them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from importlib.metadata import version
from typing import Annotated, ClassVar

import pyarrow as pa
from annotated_types import Unit

from conf import digest_file, locate
from schemas.verdict import Verdict, keep, remove
from stages.base import DocumentStage, Judge, Positive, Row
from stages.url_filter.blocklist import UrlBlocklist, UrlMatch, list_files
from stages.url_filter.words import UrlWords, Weight, WordMatch, read_url_words


class UrlReason(StrEnum):
    """Why a document was removed."""

    INVALID_URL = "invalid_url"
    BLOCKED_DOMAIN = "blocked_domain"
    BLOCKED_URL = "blocked_url"
    FORBIDDEN_SUBWORD = "forbidden_subword"
    FORBIDDEN_WORD = "forbidden_word"
    SUSPICIOUS_WORDS = "suspicious_words"


WORD_REASONS = {
    Weight.STRICT: UrlReason.FORBIDDEN_SUBWORD,
    Weight.HARD: UrlReason.FORBIDDEN_WORD,
    Weight.SOFT: UrlReason.SUSPICIOUS_WORDS,
}


def judge_match(match: UrlMatch, columns: Mapping[str, str]) -> Verdict:
    """Remove a page that a list has."""
    reason = UrlReason.BLOCKED_DOMAIN if match.is_domain else UrlReason.BLOCKED_URL
    return remove(reason, f"{match.entry} in {match.source} ({match.category})", columns)


def judge_words(match: WordMatch, columns: Mapping[str, str]) -> Verdict:
    """Remove a page for the words in its URL."""
    detail = f"{', '.join(match.words)} ({match.weight} words)"
    return remove(WORD_REASONS[match.weight], detail, columns)


@dataclass(frozen=True)
class UrlFilter(DocumentStage):
    """Remove pages whose host, parent domain or path is listed, or whose URL has telling words.

    A document without a URL cannot be judged by it and stays. Source: dots.llm1 report, appendix
    C.1, URL filtering, with the word scores of RefinedWeb (Penedo et al., 2023, G.1).
    Deviation: the report's lists are not public; those that ship are an example.
    """

    name: ClassVar[str] = "url_filter"
    reads: ClassVar[tuple[str, ...]] = ("url",)
    writes: ClassVar[Mapping[str, pa.DataType]] = {"site": pa.string()}

    lists: tuple[str, ...] = ("blocklists",)
    """Files or folders of lists of domains and URLs."""
    categories: tuple[str, ...] = ()
    """The categories of the lists that are used; none: all."""
    allow: tuple[str, ...] = ()
    """Domains or URLs that stay, whatever lists and words say."""
    allow_lists: tuple[str, ...] = ()
    """Files or folders of such."""
    words: str = "url_words.toml"
    """The file of telling words, by weight and language."""
    min_soft_words: Annotated[Positive, Unit("words")] = 2
    """Different soft words in a URL from which on it is removed."""

    def open(self) -> Judge:
        """Load the lists and the words."""
        blocked = UrlBlocklist(*map(locate, self.lists), categories=self.categories)
        allowed = UrlBlocklist(*map(locate, self.allow_lists), entries=self.allow)
        words = read_url_words(locate(self.words))

        def judge(rows: Sequence[Row]) -> list[Verdict]:
            urls = [row["url"] or "" for row in rows]
            report = blocked.report(urls)
            exempt = allowed.report(urls).matches if len(allowed) else {}
            return [
                keep({"site": site})
                if i in exempt or not url
                else self._judge_one(url, site, report.matches.get(i), words)
                for i, (url, site) in enumerate(zip(urls, report.sites, strict=True))
            ]

        return judge

    def _judge_one(self, url: str, site: str, match: UrlMatch | None, words: UrlWords) -> Verdict:
        columns = {"site": site}
        if not site:
            return remove(UrlReason.INVALID_URL, f"there is no host in {url[:200]!r}", columns)
        if match:
            return judge_match(match, columns)
        found = words.match(url, self.min_soft_words)
        return judge_words(found, columns) if found else keep(columns)

    def resources(self) -> Mapping[str, str]:
        """The digests of the lists and the words, and the version of the public suffix list."""
        read_url_words(locate(self.words))
        lists = [
            (name, path)
            for source in (*self.lists, *self.allow_lists)
            for _, name, path in list_files(locate(source))
        ]
        named = {f"url list {name}": digest_file(path) for name, path in lists}
        named[f"url words {self.words}"] = digest_file(locate(self.words))
        return {**named, "public suffix list": f"tldextract {version('tldextract')}"}
