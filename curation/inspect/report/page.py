"""The report as HTML: its data, and a page that draws it.

All that a crawl has written is data: the page puts it into text nodes alone. The policy of the page
lets it run and style itself by what this package holds, by digest, and load nothing at all.
"""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Sequence
from functools import cache
from importlib.resources import files

from jinja2 import Environment, StrictUndefined

from curation import storage
from curation.inspect.report.data import report_data
from curation.inspect.report.samples import Data
from schemas.expected import ExpectedPage

SCRIPTS = (
    *("elements", "numbers", "state", "charts", "histogram", "excerpt", "tables"),
    *("overview", "measures", "reasons", "tokens", "mix", "sites", "samples", "run", "main"),
)
"""Files of the page's script, each of which may use those before it."""

_ESCAPES = {ord("<"): "\\u003c", ord(">"): "\\u003e", ord("&"): "\\u0026"} | {
    code: f"\\u{code:04x}" for code in (0x2028, 0x2029, 0xFEFF)
}


REPORT = "report.html"


def write_report(batch_folder: str, out: str | None, expected: Sequence[ExpectedPage] = ()) -> str:
    """Write the report of a batch's last run and return where it lies.

    It shows where the run's verdicts differ from those ``expected``, if any are.
    """
    target = out or storage.join(batch_folder, REPORT)
    storage.write_bytes(target, render(batch_folder, expected).encode("utf-8", "replace"))
    return target


def render(batch_folder: str, expected: Sequence[ExpectedPage] = ()) -> str:
    """The report as HTML."""
    return page_of(report_data(batch_folder, expected))


def page_of(data: Data) -> str:
    """The page that draws some data."""
    style = _text("report.css")
    script = "\n".join(_text(f"{name}.js") for name in SCRIPTS)
    script = f'"use strict";\n(() => {{\n{script}\n}})();\n'
    return (
        _environment()
        .from_string(_text("report.html"))
        .render(
            name=data["name"],
            data=embedded(data),
            style=style,
            style_digest=_digest(style),
            script=script,
            script_digest=_digest(script),
            funnel=data["funnel"],
        )
    )


def embedded(data: Data) -> str:
    r"""JSON that can stand in an element of HTML whatever it says.

    >>> embedded({"a": "</script><!--"})
    '{"a":"\\u003c/script\\u003e\\u003c!--"}'
    """
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    return text.translate(_ESCAPES)


def _digest(text: str) -> str:
    return base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()


@cache
def _environment() -> Environment:
    return Environment(autoescape=True, undefined=StrictUndefined, trim_blocks=True)


@cache
def _text(name: str) -> str:
    return (files("curation.inspect.report") / "templates" / name).read_text(encoding="utf-8")
