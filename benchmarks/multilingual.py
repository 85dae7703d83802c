"""A crawl in many languages: real pages, and the same with some of their text put into others.

The text of a real page is replaced, node by node and length for length, by that of the declaration
of human rights in one of the languages that the web is written in; markup, scripts and addresses
stay. So a page's languages are known, whole or mixed.
"""

from __future__ import annotations

import gzip
import json
import random
import re
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any

from lxml import etree

from stages.extract.charset import decode
from stages.extract.html import parse

OTHERS = """
    rus deu spa fra jpn por_BR ita pol nld tur ces vie ind kor arb pes_1 ukr hun swe ell_monotonic
    ron_1993 dan fin heb tha bul
""".split()  # noqa: SIM905
MAIN_CHARS = {"en": 80, "zh": 25}
"""A text node of so many characters is taken for main text, a shorter one for a menu."""

_NOT_SHOWN = frozenset({"script", "style", "noscript", "template"})


class Mixture(StrEnum):
    """Which of a page's text is put into another language."""

    AS_IT_IS = "as it is"
    ALL = "all"
    MENUS = "menus"
    MAIN_TEXT = "main text"
    HALF = "half"


@dataclass(frozen=True, slots=True)
class MixedPage:
    """A page of the crawl: its bytes, its own language, what was replaced and by which language."""

    url: str
    body: bytes
    language: str
    mixture: Mixture
    other: str


def read_crawl(data: Path, every: int = 4) -> Iterator[MixedPage]:
    """Every page of ``extraction``/zh and every Nth of en, in each of the mixtures."""
    texts = read_declarations(data)
    for language in ("zh", "en"):
        manifest = (data / "extraction" / language / "manifest.jsonl").read_text("utf-8")
        rows = [json.loads(line) for line in manifest.splitlines()]
        for number, row in enumerate(rows[:: every if language == "en" else 1]):
            page = data / "extraction" / language / "html" / f"{row['id']}.html.gz"
            body = gzip.decompress(page.read_bytes())
            for mixture in Mixture:
                other = OTHERS[number % len(OTHERS)]
                mixed = mix(body, language, mixture, texts[other], seed=number)
                yield MixedPage(row["url"], mixed, language, mixture, other)


def read_declarations(data: Path) -> dict[str, str]:
    """The declaration of human rights in each of the other languages, as one line."""
    with zipfile.ZipFile(data / "lid" / "udhr2.zip") as archive:
        read = {name: archive.read(f"udhr2/{name}.txt").decode("utf-8") for name in OTHERS}
    return {name: " ".join(text.split()) for name, text in read.items()}


def mix(body: bytes, language: str, mixture: Mixture, other: str, seed: int) -> bytes:
    """The page with what ``mixture`` names replaced by text of ``other``."""
    if mixture is Mixture.AS_IT_IS:
        return body
    tree = parse(decode(body).text)
    if tree is None:
        return body
    pick = random.Random(seed)
    chosen: dict[Mixture, Callable[[bool], bool]] = {
        Mixture.ALL: lambda _is_main: True,
        Mixture.MENUS: lambda is_main: not is_main,
        Mixture.MAIN_TEXT: lambda is_main: is_main,
        Mixture.HALF: lambda _is_main: pick.random() < 0.5,
    }
    for element in tree.iter("*"):
        for place in ("text", "tail"):
            _replace(element, place, language, chosen[mixture], other, pick)
    return b'<!DOCTYPE html><meta charset="utf-8">' + etree.tostring(
        tree, encoding="utf-8", method="html"
    )


def _replace(
    element: Any,
    place: str,
    language: str,
    is_chosen: Callable[[bool], bool],
    other: str,
    pick: random.Random,
) -> None:
    text = getattr(element, place) or ""
    size = len(text.strip())
    if not re.search(r"\w", text) or (place == "text" and element.tag in _NOT_SHOWN):
        return
    if is_chosen(size >= MAIN_CHARS[language]):
        start = pick.randrange(len(other))
        setattr(element, place, f" {(other * (size // len(other) + 2))[start : start + size]} ")
