"""Words in a URL that tell what the page is about, as RefinedWeb weighs them."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property
from pathlib import Path
from typing import Annotated, NamedTuple
from urllib.parse import unquote_to_bytes

from annotated_types import MinLen

from conf.records import RecordReader, read_table

_LATIN_WORD = re.compile(r"[a-z]+")
_NOT_A_LETTER = re.compile(r"[\W_]+")
_ASCII_SIGNS = "".join(_NOT_A_LETTER.findall("".join(map(chr, range(128))))).encode()
_PUNYCODE = re.compile(r"xn--[a-z0-9-]+")
_MAX_LABEL = 63  # of a host; decoding takes time in the square of its length


class Weight(StrEnum):
    """How much a word says."""

    STRICT = "strict"
    HARD = "hard"
    SOFT = "soft"


class WordMatch(NamedTuple):
    """The words found and their weight: one strict or hard word, or all the soft ones."""

    weight: Weight
    words: tuple[str, ...]


Word = Annotated[str, MinLen(1)]


@dataclass(frozen=True)
class WordsByLanguage:
    """The words of one weight."""

    english: tuple[Word, ...] = ()
    chinese: tuple[Word, ...] = ()
    pinyin: tuple[Word, ...] = ()


@dataclass(frozen=True)
class WordFile:
    """A file like ``conf/url_words.toml``, as it stands."""

    strict: WordsByLanguage = WordsByLanguage()
    hard: WordsByLanguage = WordsByLanguage()
    soft: WordsByLanguage = WordsByLanguage()


def readable(url: str) -> str:
    """A URL as a person reads it: percent and punycode decoded, width and case folded.

    >>> readable("HTTP://xn--fsqu00a.example/%E8%B5%8C/Ｘ")
    'http://例子.example/赌/x'
    """
    if "%" in url:
        raw = unquote_to_bytes(url.encode("utf-8", "ignore"))
        try:
            url = raw.decode("utf-8")
        except UnicodeDecodeError:
            url = raw.decode("gb18030", "replace")
    if not url.isascii():
        url = unicodedata.normalize("NFKC", url)
    url = url.casefold()
    return _PUNYCODE.sub(_unpuny, url) if "xn--" in url else url


def only_letters(text: str) -> str:
    """A text without what is no letter or digit in any script.

    >>> only_letters("http://ca-si.no/例_子")
    'httpcasino例子'
    """
    if text.isascii():
        return text.encode().translate(None, _ASCII_SIGNS).decode()
    return _NOT_A_LETTER.sub("", text)


def _unpuny(found: re.Match[str]) -> str:
    if len(found[0]) > _MAX_LABEL:
        return found[0]
    try:
        return found[0][4:].encode().decode("punycode")
    except UnicodeError:
        return found[0]


@dataclass(frozen=True)
class WordList:
    """Words of one weight: Latin ones are matched whole, the others (and strict ones) anywhere."""

    words: frozenset[str]
    whole: frozenset[str]
    anywhere: re.Pattern[str]

    @classmethod
    def of(cls, words: Iterable[str], *, anywhere: bool) -> WordList:
        """Split the words by how they match."""
        known = frozenset(words)
        whole = frozenset(w for w in known if w.isascii() and not anywhere)
        return cls(known, whole, _pattern(known - whole))

    def found(self, latin: frozenset[str], letters: str) -> set[str]:
        """The different words of the list among ``latin`` words or anywhere in ``letters``."""
        return {*(self.whole & latin), *self.anywhere.findall(letters)}


def _pattern(words: Iterable[str]) -> re.Pattern[str]:
    """Any of the words, the longer first where they overlap; nothing if there are none."""
    ordered = sorted(set(words), key=lambda word: (-len(word), word))
    return re.compile("|".join(map(re.escape, ordered)) or r"(?!)")


def _shared_heads(words: Iterable[str]) -> str:
    """A pattern that finds one of the words if there is any: four times as fast as one by one.

    >>> _shared_heads(["bet", "beta", "bocai"])
    'b(?:et|ocai)'
    """
    tails: dict[str, list[str]] = {}
    for word in sorted(words):
        tails.setdefault(word[:1], []).append(word[1:])
    if "" in tails:  # a word ends here, so that longer ones need not be looked for
        return ""
    branches = [re.escape(head) + _shared_heads(rest) for head, rest in tails.items()]
    return branches[0] if len(branches) == 1 else f"(?:{'|'.join(branches)})"


@dataclass(frozen=True)
class UrlWords:
    """The words of a file like ``conf/url_words.toml``; make it with :func:`read_url_words`.

    Source: RefinedWeb (Penedo et al., 2023), appendix G.1: strict sub-words, hard words, soft words
    of which ``min_soft_words`` make a match. Deviations: case, width, percent and punycode are
    decoded first; Chinese, which has no spaces, matches anywhere; digits end a word ("bet365").
    """

    lists: Mapping[Weight, WordList]

    def match(self, url: str, min_soft_words: int = 2) -> WordMatch | None:
        """The words for which the URL should go, or None.

        >>> words = WordFile(soft=WordsByLanguage(english=("casino", "bet")))
        >>> UrlWords.of(words).match("http://bet.test/casino")
        WordMatch(weight=<Weight.SOFT: 'soft'>, words=('bet', 'casino'))
        """
        text = readable(url)
        letters = only_letters(text)
        if not self._any.search(letters):  # nine of ten URLs
            return None
        latin = frozenset(_LATIN_WORD.findall(text))
        for weight, needed in zip(Weight, (1, 1, min_soft_words), strict=True):
            words = sorted(self.lists[weight].found(latin, letters))
            if len(words) >= needed:
                return WordMatch(weight, tuple(words if weight is Weight.SOFT else words[:1]))
        return None

    @cached_property
    def _any(self) -> re.Pattern[str]:
        """Every word of every list, anywhere: where this finds none, no list does."""
        words = {word for one in self.lists.values() for word in one.words}
        return re.compile(_shared_heads(words) if words else r"(?!)")

    @classmethod
    def of(cls, file: WordFile) -> UrlWords:
        """From the words of a file."""
        return cls({weight: _list_of(weight, getattr(file, weight)) for weight in Weight})


def _list_of(weight: Weight, words: WordsByLanguage) -> WordList:
    every = map(readable, (*words.english, *words.chinese, *words.pinyin))
    return WordList.of(every, anywhere=weight is Weight.STRICT)


def read_url_words(path: Path) -> UrlWords:
    """The words of a TOML file. Raises ConfigError naming file and place."""
    return UrlWords.of(RecordReader(str(path)).record(WordFile, read_table(path)))
