"""The scripts of Unicode: which characters are Han, which Latin, and how much one of them says."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache, cached_property

import numpy as np
import numpy.typing as npt
import regex


@dataclass(frozen=True)
class Script:
    """A script by its name in Unicode: all of its blocks, extensions and compatibility forms.

    One character of it says as much as ``width`` Latin ones. Raises ValueError for a name that
    Unicode does not have.
    """

    name: str
    width: int = 1

    def __post_init__(self) -> None:
        try:
            _ = self.pattern
        except regex.error as error:
            raise ValueError(f"{self.name!r} is no script of Unicode, as Latin or Han") from error

    @cached_property
    def pattern(self) -> re.Pattern[str]:
        """What finds a run of characters of the script."""
        # Python's own module would need the ranges, and takes five times as long with those of Han.
        return regex.compile(rf"\p{{Script={self.name}}}+")

    @cached_property
    def ranges(self) -> str:
        """Its characters as they stand between the brackets of a regular expression."""
        edges = np.flatnonzero(np.diff(self.members(PLANES), prepend=False, append=False))
        pairs = zip(edges[::2].tolist(), edges[1::2].tolist(), strict=True)
        return "".join(f"{chr(first)}-{chr(end - 1)}" for first, end in pairs)

    def runs(self, text: str) -> list[str]:
        """The longest stretches of nothing but this script, in order.

        >>> HAN.runs("用 Python 写网页")
        ['用', '写网页']
        """
        return self.pattern.findall(text)

    def count(self, text: str) -> int:
        """How many characters of the script a text has."""
        return self.count_in(codes_of(text))

    def count_in(self, codes: npt.NDArray[np.uint32]) -> int:
        """The same of a text's ``codes_of``."""
        return int(np.count_nonzero(self.table[codes]))

    @cached_property
    def table(self) -> npt.NDArray[np.bool_]:
        """Whether each code point up to ``PLANES`` is of it, (codes,); the last stands for more."""
        return np.append(self.members(PLANES), False)

    def count_spaced(self, text: str) -> int:
        """How many pairs of its characters have nothing but spaces between them.

        >>> HAN.count_spaced("散 开 了, 一 个 字")
        2
        """
        return len(self._spaced.findall(text))

    @cached_property
    def _spaced(self) -> re.Pattern[str]:
        return regex.compile(rf"\p{{Script={self.name}}} +\p{{Script={self.name}}}")

    def is_in(self, text: str) -> bool:
        """Whether a text has a character of the script."""
        return self.pattern.search(text) is not None

    def members(self, size: int) -> npt.NDArray[np.bool_]:
        """Whether each of the first ``size`` code points is of the script, (size,)."""
        found = np.zeros(size, np.bool_)
        for match in self.pattern.finditer("".join(map(chr, range(size)))):
            found[slice(*match.span())] = True
        return found


IDEOGRAPHS = 0x20000
"""The first code point of the two planes that have ideographs and nothing else."""

PLANES = 0x40000
"""Past these no code point is a letter: there are tags, variation selectors and private use."""


def codes_of(text: str) -> npt.NDArray[np.uint32]:
    """The code points of a text, (characters,); all past ``PLANES`` are that one.

    Lone surrogates are kept.
    """
    return np.minimum(code_points(text), np.uint32(PLANES))


def code_points(text: str) -> npt.NDArray[np.uint32]:
    """The code points of a text, (characters,); lone surrogates are kept."""
    return np.frombuffer(text.encode("utf-32-le", "surrogatepass"), np.uint32)


LATIN = Script("Latin")
HAN = Script("Han", width=3)
"""Parallel texts are three times as long in Latin letters as in Han characters."""

SCRIPTS = {script.name: script for script in (LATIN, HAN)}


@cache
def find_script(name: str) -> Script:
    """The script of that name; one that is not in ``SCRIPTS`` is as wide as Latin."""
    return SCRIPTS.get(name) or Script(name)
