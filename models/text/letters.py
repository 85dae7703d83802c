"""What is left of a text where signs and white space do not matter."""

from __future__ import annotations

import re

_SIGNS = re.compile(r"[\W_]+")


def letters_of(text: str) -> str:
    """The letters and digits of a text, one after the other.

    >>> letters_of("Share · on_Facebook (2)")
    'ShareonFacebook2'
    """
    return _SIGNS.sub("", text)
