"""Lists of words as regular expressions, and how each expression begins."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from models.text.scripts import PLANES

_PLAIN = r"[^\\.^$*+?{}\[\]|()\n]"
_BEGINNING = re.compile(
    rf"(?:\((?:\?-?i?:)?(?P<words>{_PLAIN}+(?:\|{_PLAIN}+)*)\)|\[(?P<one>[^\\^\[\]\n-]+)\]"
    rf"|(?P<literal>{_PLAIN}*))(?P<repeated>[*?{{]?)"
)
_ENCLOSED = re.compile(r"\\.|\[[^\]]*\]|\([^()]*\)", re.DOTALL)


def word_pattern(whole: Sequence[str], anywhere: Sequence[str]) -> re.Pattern[str]:
    """What finds some words whole, as they stand between blanks, and others anywhere.

    An identifier ("account_id") is one word.

    >>> word_pattern(["on"], ["在"]).findall("On 3 May in London 他在")
    ['On', '在']
    """
    parts = [rf"(?<!\w)(?:{'|'.join(whole)})(?!\w)"] if whole else []
    parts += [f"(?:{'|'.join(anywhere)})"] if anywhere else []
    return re.compile("|".join(parts) or r"(?!)", re.IGNORECASE)


def beginnings(expression: str) -> list[str]:
    r"""Characters with one of which every match begins, in some case; none if these are not plain.

    >>> [beginnings(one) for one in ("posts?", r"page \d+", "(?-i:I|my)", "[您你]", "a|b", r"\d+")]
    [['post'], ['page '], ['I', 'my'], ['您', '你'], [], []]
    """
    begin = _BEGINNING.match(expression)
    if begin is None or "|" in _ENCLOSED.sub("", expression):
        return []
    if begin["literal"] is not None:
        found = [begin["literal"][:-1] if begin["repeated"] else begin["literal"]]
    elif begin["repeated"]:
        found = []
    else:
        found = begin["words"].split("|") if begin["words"] else list(begin["one"])
    is_plain = all(found) and all(ord(character) < PLANES for one in found for character in one)
    return found if is_plain else []


@dataclass(frozen=True, slots=True)
class Beginning:
    """How a word begins; ``is_whole``: nothing of a word stands before it, nor after it.

    ``is_all``: there is no more to the word.
    """

    text: str
    is_whole: bool
    is_all: bool


@dataclass(frozen=True, eq=False)
class WordList:
    """A list of words as regular expressions: some stand whole, others anywhere.

    ``pattern`` finds them, in any case. Where expressions only say how it begins, none is
    ``sufficient``: a match is what the pattern finds.
    """

    pattern: re.Pattern[str]
    whole: Sequence[str]
    anywhere: Sequence[str] = ()
    sufficient: bool = True

    @property
    def is_plain(self) -> bool:
        """Whether it is known how every word begins."""
        return all(map(beginnings, (*self.whole, *self.anywhere)))

    def beginnings(self) -> Iterator[Beginning]:
        """How its words begin."""
        for is_whole, expressions in ((True, self.whole), (False, self.anywhere)):
            for expression in expressions:
                for text in beginnings(expression):
                    yield Beginning(text, is_whole, self.sufficient and text == expression)
