"""Every regular expression that the tree compiles, as JSON lines: ``python -m`` this module.

Patterns are seen as they are compiled, by modules as they are imported and by what reads lists and
rules: a process of its own sees all of them.
"""

from __future__ import annotations

import importlib
import json
import re
import sys
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from re import _compiler as compiler  # type: ignore[attr-defined]
from typing import Any

TREE = Path(__file__).resolve().parents[2]
ROOMS = ("models", "stages", "schemas", "conf", "curation")
MENTIONS = re.compile(r"\bre\.\w|import re$|from re ", re.MULTILINE)
LOADED_LATE = ("torch", "transformers", "pyspark", "trafilatura")


@dataclass(frozen=True)
class CompiledPattern:
    """A pattern, its flags, the file of the tree that compiled it, and what methods use it there."""

    file: str
    pattern: str
    flags: int
    used_by: tuple[str, ...]


def compiled_patterns() -> Iterator[CompiledPattern]:
    """Those that this process compiles from now on, by importing and opening what it must."""
    found: dict[tuple[str, str, int], CompiledPattern] = {}
    original = compiler.compile

    def seen(pattern: Any, flags: int = 0) -> Any:
        frame = sys._getframe(1)
        while frame.f_back and frame.f_code.co_filename.endswith(
            ("/re/__init__.py", "/functools.py")
        ):
            frame = frame.f_back
        file = Path(frame.f_code.co_filename)
        if isinstance(pattern, str | bytes) and _is_ours(file):
            text = pattern if isinstance(pattern, str) else pattern.decode("latin-1")
            name = str(file.relative_to(TREE))
            used_by = _methods(file, frame.f_lineno)
            found.setdefault((name, text, flags), CompiledPattern(name, text, int(flags), used_by))
        return original(pattern, flags)

    compiler.compile = seen
    _compile_all()
    yield from found.values()


def _is_ours(file: Path) -> bool:
    return any(file.is_relative_to(TREE / room) for room in ROOMS)


def _compile_all() -> None:
    for room in ROOMS:
        for file in sorted((TREE / room).rglob("*.py")):
            if MENTIONS.search(file.read_text()) and file.stem != "__main__":
                name = ".".join(file.relative_to(TREE).with_suffix("").parts)
                importlib.import_module(name.removesuffix(".__init__"))
    from conf import locate
    from stages.extract.tools import load_tools
    from stages.rules import Rules
    from stages.url_filter.words import read_url_words

    load_tools()
    Rules().resources()
    read_url_words(locate("url_words.toml"))


def _methods(file: Path, line: int) -> tuple[str, ...]:
    """The methods of a pattern that its file names, by the name that the line gives it."""
    text = file.read_text()
    lines = text.splitlines()
    for before in range(line - 1, max(line - 12, -1), -1):
        named = re.match(r"(\w+)(?:: [^=]+)? = ", lines[before])
        if named:
            used = re.findall(rf"\b{named[1]}\.(match|fullmatch|search|sub|split|find\w+)\(", text)
            return tuple(sorted(set(used))) or ("search",)
    return tuple(sorted(set(re.findall(r"re\.(match|fullmatch)\(", lines[line - 1])))) or (
        "search",
    )


if __name__ == "__main__":
    for pattern in compiled_patterns():
        sys.stdout.write(json.dumps(asdict(pattern)) + "\n")
