"""Another finder of main text, for the pages that the model is in doubt of."""

from __future__ import annotations

import hashlib
import inspect
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path

from conf.references import find_callable
from models.main_content.main_text import MainText
from stages.extract.html import parse
from stages.extract.main_text import find_by_trafilatura

Reader = Callable[[str, str], str | None]
"""A page's decoded HTML and its URL in, its main text out; None or "" if it finds none."""

TRAFILATURA = "trafilatura"


@dataclass(frozen=True)
class SecondOpinion:
    """What reads a page of which the model has less than ``min_confidence``."""

    min_confidence: float
    read: Reader

    def on(self, found: MainText, html: str, url: str) -> MainText | None:
        """The text of a page by the second opinion; None if it is not asked, or finds none.

        The confidence stays the first's: it is why the second was asked.
        """
        if found.confidence is None or found.confidence >= self.min_confidence:
            return None
        lines = (self.read(html, url) or "").splitlines()
        return MainText.of_texts(lines, found.confidence) if any(map(str.strip, lines)) else None


def find_reader(name: str) -> Reader:
    """What a configuration names: "trafilatura", or a callable as ``package.module:name``.

    Raises ValueError, in words for the user, for what is not there or cannot be called.
    """
    return read_by_trafilatura if name == TRAFILATURA else find_callable(name)


def digest_reader(name: str) -> Mapping[str, str]:
    """Name and digest of what a text depends on: the library's version, or the callable's file."""
    if name == TRAFILATURA:
        return {TRAFILATURA: metadata.version(TRAFILATURA)}
    module = inspect.getmodule(find_reader(name))
    file = getattr(module, "__file__", None)
    digest = hashlib.sha256(Path(file).read_bytes()).hexdigest() if file else ""
    return {f"second opinion {name}": digest}


def read_by_trafilatura(html: str, _url: str) -> str:
    """The main text of a page by trafilatura, without comments."""
    tree = parse(html)
    return "\n".join(find_by_trafilatura(tree, "").texts()) if tree is not None else ""
