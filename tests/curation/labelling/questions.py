"""Questions as an export writes them, made without a run."""

from curation.labelling.questions import Question, asked_lines, to_line
from curation.labelling.records import digest_of_text
from curation.labelling.strata import Stratum
from curation.labelling.tasks import TASKS

VALUES = {"quality": ("good", "middling", "poor"), "clutter": ("main", "clutter")}


def question(number, text="A story of the mill.", task="quality", **more):
    """One question; ``more`` are fields that are to be something else."""
    fields = {
        "task": task,
        "doc_id": f"{number:032x}",
        "text_digest": digest_of_text(text),
        "language": "en",
        "url": f"http://a.example/{number}",
        "title": "A title",
        "text": text,
        "text_chars": len(text),
        "question": TASKS[task].question,
        "values": VALUES.get(task, ("article", "listing")),
        "guide": TASKS[task].guide,
        "run": "demo/default",
        "stratum": Stratum("kept", "en", "", ""),
        "weight": 2.5,
        "lines": asked_lines(text, text.count("\n") + 1) if task == "clutter" else (),
    }
    return Question(**fields | more)


def write_questions(path, questions):
    path.write_bytes(b"".join(map(to_line, questions)))
    return path
