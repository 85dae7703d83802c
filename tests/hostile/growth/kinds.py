"""Sixty odd kinds of hostile text: those of ``tests.hostile.texts``, and pieces of syntax."""

from __future__ import annotations

from collections.abc import Mapping
from random import Random

from tests.hostile.texts import UNITS

SYNTAX: Mapping[str, str] = {
    "tag_starts": "<",
    "tags": "<a b=c>",
    "comment_starts": "<!--",
    "ends_of_tags": "</p",
    "entities": "&#x",
    "charsets": "charset=",
    "charsets_and_blanks": "charset= ",
    "metas": "<meta charset ",
    "parameters": "; a=b",
    "fields": "A: b\r\n",
    "colons": ":",
    "blank_lines": " \r\n",
    "chunks": "1\r\na\r\n",
    "chunk_extensions": "1;",
    "records": "WARC/1.0\r\nA:",
    "archive_lines": "http://a.b/ 1.1.1.1 2024",
    "hosts": "a.",
    "slashes": "/",
    "parents": "/../",
    "queries": "?a&",
    "json_starts": '{"a":',
    "brackets_of_json": "[",
    "strings_of_json": '"a",',
    "formulas": "$a_{",
    "shortcodes": "[a b=",
    "fences": "```\n",
    "emphasis": "*_",
    "escapes_of_charsets": "\x1b$B~{",
    "words_of_a_list": "and the ",
    "long_lines": "x" * 999 + "\n",
    "blanks_and_a_letter": " " * 999 + "x",
}
"""Units that are repeated; a subject puts what it needs before them."""

RANDOM: Mapping[str, tuple[int, int]] = {
    "random_han_characters": (0x4E00, 0x9FA5),
    "random_letters": (0x61, 0x7B),
    "random_ascii": (0x20, 0x7F),
    "random_code_points": (0x01, 0xD800),
}
"""Ranges of code points."""

KINDS = (*UNITS, *SYNTAX, *RANDOM)


def text_of(kind: str, size: int) -> str:
    """The kind's text of a size in UTF-8 bytes, to a few."""
    if kind in RANDOM:
        first, beyond = RANDOM[kind]
        random = Random(kind)
        width = len(chr((first + beyond) // 2).encode())
        return "".join(chr(random.randrange(first, beyond)) for _ in range(size // width))
    unit = {**UNITS, **SYNTAX}[kind]
    return unit * (size // len(unit.encode("utf-8", "surrogatepass")))
