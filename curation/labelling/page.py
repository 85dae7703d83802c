"""The annotators' page: one HTML file with all questions, that works offline and loads nothing.

Pages of the web are hostile. Their text is JSON in a data block in which no tag can end, and the
script puts it into the document as text alone; a policy lets this very script run and no other.
"""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from functools import cache
from importlib.resources import files

from jinja2 import Environment, StrictUndefined

from curation import storage
from curation.labelling.questions import Question, load_questions
from curation.labelling.tasks import find_task, names_of

NOT_ASKED = ("format_version", "guide", "run", "stratum")
"""What annotators are not shown of a question: how a stage judged it would lead them."""


def write_page(path: str, out: str) -> int:
    """Write the page of an export, and return how many questions it has."""
    questions = load_questions(path)
    storage.write_bytes(out, render(questions).encode())
    return len(questions)


def render(questions: Sequence[Question]) -> str:
    """The page as HTML."""
    task = find_task(questions[0].task)
    rows = [_row(question) for question in questions]
    data = {
        "sample": _sample(questions),
        "names": dict(names_of(task)),
        "guide": task.guide_text(),
        "questions": rows,
    }
    style, script = _text("page.css"), _text("page.js")
    template = Environment(autoescape=True, undefined=StrictUndefined).from_string(
        _text("page.html")
    )
    return template.render(
        task=task.name,
        count=len(rows),
        style=style,
        script=script,
        style_digest=_digest(style),
        script_digest=_digest(script),
        data=embedded(data),
    )


def embedded(data: Mapping[str, object]) -> str:
    r"""JSON that may stand in a script element: nothing in it is a tag, a comment or an entity.

    >>> embedded({"a": "</script><!--&\u2028"})
    '{"a":"\\u003c/script\\u003e\\u003c!--\\u0026\\u2028"}'
    """
    text = json.dumps(data, ensure_ascii=True, separators=(",", ":"))
    for char in "<>&":
        text = text.replace(char, f"\\u{ord(char):04x}")
    return text


def _row(question: Question) -> dict[str, object]:
    row = {name: value for name, value in asdict(question).items() if name not in NOT_ASKED}
    if not question.lines:
        del row["lines"]
    return row


def _sample(questions: Sequence[Question]) -> str:
    """What a browser keeps the answers under: the same questions, the same answers."""
    digest = hashlib.blake2b(digest_size=8)
    for question in questions:
        digest.update(f"{question.task}/{question.doc_id}/{question.text_digest}\n".encode())
    return digest.hexdigest()


def _digest(text: str) -> str:
    return base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()


@cache
def _text(name: str) -> str:
    return (files(__package__) / "templates" / name).read_text("utf-8")
