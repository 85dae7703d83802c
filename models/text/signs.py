"""Words that give away what a page or a line is, in English and Chinese: ``signs.toml``."""

from __future__ import annotations

import re
import tomllib
from functools import cache
from pathlib import Path

PATH = Path(__file__).with_name("signs.toml")


@cache
def pattern(sign: str) -> re.Pattern[str]:
    """What finds the words of a list: English ones whole and in any case, Chinese ones anywhere."""
    words = tomllib.loads(PATH.read_text(encoding="utf-8"))[sign]
    english, chinese = "|".join(words["english"]), "|".join(words["chinese"])
    return re.compile(rf"(?<![^\W_])(?:{english})(?![^\W_])|{chinese}", re.IGNORECASE)


def count_signs(sign: str, text: str) -> int:
    """How often the words of a list occur.

    >>> count_signs("listing", "Read more · 下一页 · readmore")
    2
    """
    return len(pattern(sign).findall(text))
