"""The text of a page that holds it as data, for search engines or for its own scripts."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from html import unescape

from models.main_content import read_all
from models.main_content.main_text import MainText
from models.main_content.reading.element import Element
from models.main_content.reading.page_elements import PageElements
from stages.extract.html import parse

MAX_SHOWN_CHARS = 200
"""A page whose elements give more has its text there."""

MIN_GAIN = 3.0
"""How many times as long as what is shown the data's text has to be."""

MIN_STATE_CHARS = 200
MAX_SCRIPT_CHARS = 4 << 20
_STATE = re.compile(r"(?:__[A-Z_]{3,40}__|\bwindow\.\w{1,40})\s*=\s*(?=[\[{(])")
_TEXT = re.compile(r'\b(\w{2,40})\s{0,4}:\s{0,4}"((?:[^"\\]|\\.)*)"')
_STATE_KEYS = frozenset((
    "articlebody", "articlecontent", "article_content", "body", "bodyhtml", "body_html", "content",
    "contenthtml", "content_html", "contentrendered", "detail", "html", "maintext", "rendered",
    "text",
))  # fmt: skip
_TAG = re.compile(r"<(?:p|br|div|h[1-6]|li|span|section)\b[^>]{0,300}>", re.IGNORECASE)


def text_in_data(found: MainText, page: PageElements) -> MainText | None:
    """The text that the data of a page holds, where what was found is next to nothing beside it."""
    shown = sum(map(len, found.texts()))
    if shown > MAX_SHOWN_CHARS:
        return None
    body = _find_body(page)
    return _read_body(body) if len(body) > MIN_GAIN * shown else None


def _find_body(page: PageElements) -> str:
    """The longest ``articleBody`` of JSON-LD; without one, the longest text of a script's state."""
    linked, states = [], []
    for number in page.named("script").tolist():
        script = Element(page, number)
        source, kind = script.text, script.get("type") or ""
        if len(source) > MAX_SCRIPT_CHARS:
            continue
        if "ld+json" in kind:
            linked.append(source)
        elif kind in {"application/json", ""} or "javascript" in kind:
            states.append(source)
    bodies = _values(map(_parse_json, linked), frozenset(("articlebody",)))
    body = max(bodies, key=len, default="")
    if body:
        return body
    found = _values((state for source in states for state in _states_in(source)), _STATE_KEYS)
    return max((text for text in found if len(text) >= MIN_STATE_CHARS), key=len, default="")


def _states_in(source: str) -> Iterator[object]:
    """What a script that is JSON, or assigns it to a name for its page's state, holds."""
    if source.lstrip()[:1] in {"{", "["}:
        yield _parse_json(source)
        return
    assigned = _STATE.search(source)
    if assigned:
        state = _parse_json(source[assigned.end() :])
        yield state if state is not None else _texts_in(source[assigned.end() :])


def _texts_in(source: str) -> Mapping[str, str]:
    """The longest text that an object of JavaScript, which JSON is not, writes under each key."""
    found: dict[str, str] = {}
    for key, text in _TEXT.findall(source):
        if len(text) > len(found.get(key, "")):
            found[key] = text
    parsed = {key: _parse_json(f'"{text}"') for key, text in found.items()}
    return {key: text for key, text in parsed.items() if isinstance(text, str)}


def _parse_json(source: str) -> object:
    """The value that a text begins with; None if there is none."""
    try:
        return json.JSONDecoder(strict=False).raw_decode(source.lstrip())[0]
    except (ValueError, RecursionError):
        return None


def _values(roots: Iterable[object], keys: frozenset[str]) -> Iterator[str]:
    """The texts under keys of these names, at any depth."""
    stack = list(roots)
    while stack:
        value = stack.pop()
        if isinstance(value, dict):
            for key, inner in value.items():
                if isinstance(inner, str) and key.lower() in keys:
                    yield inner
                elif isinstance(inner, dict | list):
                    stack.append(inner)
        elif isinstance(value, list):
            stack.extend(value)


def _read_body(body: str) -> MainText:
    if "&lt;" in body and "<" not in body:
        body = unescape(body)
    tree = parse(body) if _TAG.search(body) else None
    return read_all(tree) if tree is not None else MainText.of_texts(unescape(body).splitlines())
