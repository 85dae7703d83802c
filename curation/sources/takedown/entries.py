"""What a list of takedowns names, a line each: pages by URL, whole sites, captures by their id."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from typing import TYPE_CHECKING

from curation.errors import UsageError
from stages.hosts import normal_host, respell

if TYPE_CHECKING:
    from tldextract import TLDExtract

_ID = re.compile(r"[0-9a-fA-F]{32}")
_COMMENT = "#"
_SHOWN_FAULTS = 20
_SHOWN_CHARS = 100


class Kind(StrEnum):
    """What a line names."""

    URL = "url"
    SITE = "site"
    ID = "id"


@dataclass(frozen=True, slots=True)
class Entry:
    """A line of a list; ``value`` is what pages are compared with, ``line`` its number from 1."""

    kind: Kind
    value: str
    line: int


class JunkError(ValueError):
    """Why a line names nothing, in words that follow it."""


def address(url: str) -> tuple[str, str]:
    """What all spellings of a URL have in common, and its host; "" of what is no URL of a host.

    The former is without scheme, userinfo, port, fragment, case, percent-encoding, ``www.`` and
    last slash, the latter with its ``www.``.

    >>> address("HTTPS://WWW.Example.org:443/A%20b/?q=1#top"), address("mailto:a@b.example")
    (('example.org/a b/?q=1', 'www.example.org'), ('', ''))
    """
    spelt = respell(url).decode("utf-8", "backslashreplace")
    return spelt.removeprefix("www."), spelt.partition("/")[0]


def parse_entry(text: str, line: int) -> Entry:
    """What a line names. Raises JunkError for one that names nothing.

    A host alone is a site; with a scheme or a path, the one page.

    >>> [parse_entry(text, 1).kind.value for text in ("a.example", "https://a.example", "0a" * 16)]
    ['site', 'url', 'id']
    """
    if any(character.isspace() or not character.isprintable() for character in text):
        raise JunkError("holds white space or control characters: one entry a line")
    if _ID.fullmatch(text):
        return Entry(Kind.ID, text.lower(), line)
    if any(mark in text for mark in "/?"):
        found, _ = address(text)
        if not found:
            raise JunkError("is no URL of a host")
        return Entry(Kind.URL, found, line)
    return Entry(Kind.SITE, _site(text), line)


def _site(text: str) -> str:
    if text.startswith("*."):
        raise JunkError(f"has a wildcard: a site covers what lies below it, so name {text[2:]}")
    if ":" in text:
        raise JunkError("is no site: a site is a host alone, without scheme or port")
    name = normal_host(text)
    if not name or "." not in name:
        raise JunkError("is no URL, no site and no id of 32 hexadecimal digits")
    found = _suffixes()(name)
    if found.suffix == name:
        raise JunkError("is a public suffix: every site below it would go; name the sites")
    return name


@cache
def _suffixes() -> TLDExtract:
    """The snapshot of public suffixes, private ones too; no cache, no network."""
    from tldextract import TLDExtract

    return TLDExtract(suffix_list_urls=(), cache_dir=None, include_psl_private_domains=True)


def parse_list(name: str, content: bytes) -> tuple[Entry, ...]:
    """The entries of a list, each once. Blank lines and those that begin with # say nothing.

    Raises UsageError that names every line that is junk, and for a list without entries.
    """
    entries: dict[tuple[Kind, str], Entry] = {}
    faults: list[str] = []
    for line, text in _lines(content):
        try:
            entry = parse_entry(_decoded(text), line)
        except JunkError as fault:
            shown = text.decode("utf-8", "replace")[:_SHOWN_CHARS]
            faults.append(f"{name}, line {line}: {shown!r} {fault}")
        else:
            entries.setdefault((entry.kind, entry.value), entry)
    if faults:
        raise UsageError("\n".join(_shown(faults)))
    if not entries:
        raise UsageError(f"{name}: names nothing: a line each for a URL, a site or an id")
    return tuple(entries.values())


def _lines(content: bytes) -> Iterator[tuple[int, bytes]]:
    for number, raw in enumerate(content.removeprefix(b"\xef\xbb\xbf").split(b"\n"), 1):
        text = raw.strip()
        if text and not text.startswith(_COMMENT.encode()):
            yield number, text


def _decoded(text: bytes) -> str:
    try:
        return text.decode()
    except UnicodeDecodeError as error:
        raise JunkError("is not UTF-8") from error


def _shown(faults: Sequence[str]) -> Iterator[str]:
    yield from faults[:_SHOWN_FAULTS]
    if len(faults) > _SHOWN_FAULTS:
        yield f"and {len(faults) - _SHOWN_FAULTS:,} lines more"
    yield "nothing was taken down"
