"""All known languages: what they are found by, and the words and marks of all of them together."""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from conf.records import RecordReader, parse_table
from models.kernels.arrays import UInt32Array
from models.text.characters import END_ANYWHERE, END_BEFORE_BLANK, base_kinds
from models.text.languages.language import Language, Sign
from models.text.scripts import codes_of
from models.text.word_lists import WordList, word_pattern
from models.text.word_search import WordSearch

ELLIPSIS = "…"
"""Ends a sentence in any language."""

COMMONEST, DATE = "commonest", "date"
"""What ``Languages.search`` counts besides signs."""

FOLDER = "languages"
"""Where in ``conf`` the files lie."""


def base_code(code: str) -> str:
    """The code of a language without script or region.

    >>> base_code("zh-Hant"), base_code("EN_us")
    ('zh', 'en')
    """
    return re.split("[-_]", code, maxsplit=1)[0].lower()


@dataclass(frozen=True)
class Languages:
    """Some languages by their codes, in the order of these, and what they have in common."""

    records: Mapping[str, Language]

    def __post_init__(self) -> None:
        names = [name for one in self.records.values() for name in (one.code, *one.labels)]
        for name, count in Counter(names).items():
            if count > 1:
                raise ValueError(f"{name!r} is a code or a label of two languages")

    @classmethod
    def read(cls, folder: Path) -> Languages:
        """The languages of a folder, ``fr.toml`` being the record of "fr".

        Raises ConfigError with file, key, value and rule for a malformed record.
        """
        return cls({path.stem: _read(path) for path in sorted(folder.glob("*.toml"))})

    @property
    def codes(self) -> tuple[str, ...]:
        """The codes, in alphabetical order."""
        return tuple(self.records)

    @cached_property
    def digest(self) -> str:
        """A hash of all of the files."""
        digests = "".join(one.digest for one in self.records.values())
        return hashlib.blake2b(digests.encode(), digest_size=16).hexdigest()

    def find(self, code: str) -> Language | None:
        """The language of a code, whatever script or region it names, or of a label."""
        base = base_code(code)
        return self.records.get(base) or self._by_label.get(base)

    @cached_property
    def _by_label(self) -> Mapping[str, Language]:
        return {label: one for one in self.records.values() for label in one.labels}

    def lacks(self, code: str, signs: Sequence[Sign] = ()) -> str:
        """What is not known of a language, some signs among it, in words for the user; or "".

        >>> from models.text.languages import KNOWN
        >>> KNOWN.lacks("tlh"), KNOWN.lacks("en", [Sign.FORUM])
        ('has no record: add conf/languages/tlh.toml', '')
        """
        language, file = self.find(code), f"conf/{FOLDER}/{base_code(code)}.toml"
        if language is None:
            return f"has no record: add {file}"
        missing = [sign for sign in signs if sign not in language.signs]
        return f"has no signs {', '.join(missing)}: add them to {file}" if missing else ""

    def guess(self, text: str, among: Collection[str]) -> Language:
        """The one of some known languages that a text's letters and function words speak for.

        The script decides that says most; where several languages share it, the one whose function
        words are most frequent. Of equals, and for a text without letters, the first by code.
        """
        candidates = [one for code, one in self.records.items() if code in among]
        codes = codes_of(text)
        letters = {one.script: one.letters for one in candidates}
        said = {name: some.width * some.count_in(codes) for name, some in letters.items()}
        script = max(said, key=lambda name: said[name])
        sharing = [one for one in candidates if one.script == script]
        if len(sharing) == 1:
            return sharing[0]
        return max(sharing, key=lambda one: len(one.function_word.findall(text)))

    def is_unspaced(self, text: str) -> bool:
        """Whether a text has letters of a language that puts no blanks between words.

        >>> from models.text.languages import KNOWN
        >>> KNOWN.is_unspaced("vip会员"), KNOWN.is_unspaced("← older edit")
        (True, False)
        """
        return any(one.letters.is_in(text) for one in self.records.values() if not one.has_blanks)

    @cached_property
    def search(self) -> WordSearch:
        """What counts words: of each sign by its name, the commonest ones, and dates."""
        records = self.records.values()
        signs = {
            str(sign): self._any({one.code: one.signs.get(sign, ()) for one in records})
            for sign in Sign
        }
        commonest = self._any({one.code: one.function_words.commonest for one in records})
        return WordSearch({**signs, COMMONEST: commonest, DATE: self._dates()})

    def count_signs(self, sign: Sign, text: str) -> int:
        """How often words of a sign occur, in any language and in any case.

        >>> from models.text.languages import KNOWN
        >>> KNOWN.count_signs(Sign.LISTING, "Read more · 下一页 · readmore")
        2
        """
        return int(self.search.count([text], [sign])[sign][0])

    def _dates(self) -> WordList:
        """A year and a month in digits, or a month by its name and a number."""
        months = [month for one in self.records.values() for month in one.months]
        named = rf"\b(?:{'|'.join(months)})[^\W\d_]*\.? \d" if months else r"(?!)"
        pattern = rf"\b(?:19|20)\d\d[-/.年]\d{{1,2}}|{named}"
        return WordList(
            re.compile(pattern, re.IGNORECASE), (), ("19", "20", *months), sufficient=False
        )

    def _any(self, words: Mapping[str, Sequence[str]]) -> WordList:
        """Words of several languages, given by code."""
        by_blanks: dict[bool, list[str]] = {True: [], False: []}
        for code, some in words.items():
            by_blanks[self.records[code].has_blanks].extend(some)
        whole, anywhere = by_blanks[True], by_blanks[False]
        return WordList(word_pattern(whole, anywhere), whole, anywhere)

    @cached_property
    def kinds(self) -> UInt32Array:
        """The kind of each code point, as ``characters`` has it, with the ends of sentences."""
        kinds = base_kinds().copy()
        kinds[codes_of(self.marks_before_blanks)] |= END_BEFORE_BLANK
        kinds[codes_of(self.marks_anywhere + ELLIPSIS)] |= END_ANYWHERE
        return kinds

    @cached_property
    def marks_before_blanks(self) -> str:
        """The marks that end a sentence before a blank, or before what closes it."""
        return self._end_marks(has_blanks=True)

    @cached_property
    def marks_anywhere(self) -> str:
        """The marks that end a sentence wherever they stand."""
        return self._end_marks(has_blanks=False)

    def _end_marks(self, *, has_blanks: bool) -> str:
        records = (one for one in self.records.values() if one.has_blanks is has_blanks)
        return "".join(dict.fromkeys(mark for one in records for mark in one.end_marks))

    @cached_property
    def end_marks(self) -> frozenset[str]:
        """The marks that end a sentence in any language."""
        return frozenset(self.marks_before_blanks + self.marks_anywhere + ELLIPSIS)

    @cached_property
    def last_end_mark(self) -> re.Pattern[str]:
        """What finds the last mark of a sentence; an ellipsis is none."""
        mark = _one_of(self.marks_before_blanks + self.marks_anywhere)
        anywhere = _one_of(self.marks_anywhere)
        # One class first: the search skips to its characters.
        return re.compile(rf"{mark}(?:(?<={anywhere})(?!{anywhere})|[\"')\]”’]*(?=\s|$))")


def _one_of(marks: str) -> str:
    return f"[{re.escape(marks)}]" if marks else "(?!)"


def _read(path: Path) -> Language:
    content = path.read_bytes()
    digest = hashlib.blake2b(content, digest_size=16).hexdigest()
    given = {"code": path.stem, "digest": digest}
    reader = RecordReader(str(path))
    return reader.record(Language, parse_table(content, str(path)), given=given)
