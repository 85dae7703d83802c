"""What extracts: ours, what the project depends on, and peers in an environment of their own.

A peer that is no dependency runs in a process of its own (``benchmarks/peer_extraction.py`` by
``--peer PYTHON``), which reads a page a line and answers in a line, so that all tools see a page
one after the other, and the noise of the machine hits all alike.
"""

from __future__ import annotations

import json
import subprocess
import time
from base64 import b64encode
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import trafilatura
from resiliparse.extract.html2text import extract_plain_text
from resiliparse.parse.encoding import bytes_to_str, detect_encoding
from resiliparse.parse.html import HTMLTree

from stages.extract import ExtractionMethod, Tools, extract, load_tools

OURS = "ours"
PEER_SCRIPT = Path(__file__).with_name("peer_extraction.py")
FIRST_PAGE = b"<html><body><p>A first page compiles and imports.</p></body></html>"


@dataclass(frozen=True, slots=True)
class Answer:
    """What a tool found on a page, how sure it is (None: it does not say), and processor time."""

    text: str
    confidence: float | None
    seconds: float


Tool = Callable[[bytes, str], Answer]
"""A page's bytes and address in, what the tool found out."""

Extractor = Callable[[bytes, str], str | None]


def timed(extractor: Extractor) -> Tool:
    """A function of this process as a tool that says nothing of confidence."""

    def answer(body: bytes, url: str) -> Answer:
        started = time.process_time()
        text = extractor(body, url) or ""
        return Answer(text, None, time.process_time() - started)

    return answer


def by_ours(tools: Tools) -> Tool:
    """Our extraction with these tools."""

    def answer(body: bytes, url: str) -> Answer:
        started = time.process_time()
        found = extract(body, url=url, tools=tools)
        return Answer(found.text, found.confidence, time.process_time() - started)

    return answer


def by_resiliparse(body: bytes, _url: str) -> str:
    text = bytes_to_str(body, detect_encoding(body, from_html_meta=True) or "utf-8")
    return extract_plain_text(HTMLTree.parse(text), main_content=True)


DEPENDENCIES: Mapping[str, Tool] = {
    "trafilatura": timed(lambda body, _url: trafilatura.extract(body)),
    "trafilatura, no comments": timed(
        lambda body, _url: trafilatura.extract(body, include_comments=False)
    ),
    "trafilatura, precision": timed(
        lambda body, _url: trafilatura.extract(body, favor_precision=True)
    ),
    "resiliparse": timed(by_resiliparse),
}


@contextmanager
def open_peers(python: str | None) -> Iterator[dict[str, Tool]]:
    """The dependencies, and what the interpreter ``python`` has beside; none without it."""
    with _open_process(python) as others:
        peers = {**DEPENDENCIES, **others}
        for peer in peers.values():
            peer(FIRST_PAGE, "")
        yield peers


def shipped() -> dict[str, Tool]:
    """Ours as it ships, and by trafilatura."""
    tools = {
        OURS: by_ours(load_tools()),
        "ours, by trafilatura": by_ours(load_tools(method=ExtractionMethod.TRAFILATURA)),
    }
    for tool in tools.values():
        tool(FIRST_PAGE, "")
    return tools


@contextmanager
def _open_process(python: str | None) -> Iterator[dict[str, Tool]]:
    if python is None:
        yield {}
        return
    with subprocess.Popen(
        [python, str(PEER_SCRIPT)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        names = json.loads(_line_from(process))
        yield {name: _ask(process, name) for name in names}
        assert process.stdin
        process.stdin.close()


def _ask(process: subprocess.Popen[str], name: str) -> Tool:
    def answer(body: bytes, url: str) -> Answer:
        asked = {"tool": name, "url": url, "body": b64encode(body).decode()}
        assert process.stdin
        process.stdin.write(json.dumps(asked) + "\n")
        process.stdin.flush()
        return Answer(**json.loads(_line_from(process)))

    return answer


def _line_from(process: subprocess.Popen[str]) -> str:
    assert process.stdout
    line = process.stdout.readline()
    if not line:
        raise SystemExit(f"{PEER_SCRIPT.name} ended with {process.wait()}")
    return line
