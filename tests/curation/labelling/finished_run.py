"""The files of a finished run of three steps, written without Spark, in as many parts as asked."""

from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from curation.batches.run_record import RunRecord
from curation.parts.writer import PartWriter
from curation.storage.manifest import Manifest
from curation.storage.stage_description import StageDescription
from schemas.document import SOURCE_COLUMNS
from schemas.verdict import Decision, Edit, keep, quarantine, remove
from stages.category import Category
from stages.chain import Document
from stages.clutter import Clutter
from stages.page_type import PageType
from stages.quality import Quality

NAV = "Home | News | Sport"
STEPS = {
    "prepare": ("url_filter", "extract", "language"),
    "rules": ("rules",),
    "judge": ("page_type", "clutter", "quality", "category"),
}
CONFIGURATIONS = {
    "page_type": {"kept": ["article", "product"], "min_kept_probability": 0.3},
    "quality": {"min_quality": 0.2},
    "category": {"taxonomy": "taxonomy.toml"},
}


class Fault(StrEnum):
    BAD = "bad"


@dataclass
class Page:
    """A page of the run: its text as page_type gets it, and the stage that removes it, if any."""

    number: int
    text: str
    language: str = "en"
    site: str = "a.example"
    ends: str = ""
    page_type: str = "article"
    score: float = 0.8
    quality: float = 0.7

    @property
    def doc_id(self):
        return f"{self.number:032x}"


def pages(count):
    """Pages of two languages and ten sites; every seventh is removed by rules, others by scores."""
    made = []
    for n in range(count):
        score, quality = (n * 37 % 100) / 100, (n * 53 % 100) / 100
        kind = "article" if n % 2 else "listing"
        kept = score if n % 2 else 1 - score
        ends = "url_filter" if n % 23 == 22 else "rules" if n % 7 == 6 else ""
        ends = ends or ("page_type" if kept < 0.3 else "quality" if quality < 0.2 else "")
        text = f"{NAV}\nStory {n} of the mill.\n\nIt has a <b>second</b> line {n}."
        language = "zh" if n % 3 == 0 else "en"
        made.append(Page(n, text, language, f"s{n % 10}.example", ends, kind, score, quality))
    return made


def write_run(root: Path, pages, parts=1, steps=STEPS):
    """Write the run ``demo/default`` below a root; its folder."""
    folder = root / "demo" / "default"
    names, columns, going = [], dict(SOURCE_COLUMNS), list(pages)
    for number, (step, stages) in enumerate(steps.items(), 1):
        for stage in stages:
            columns |= WRITES.get(stage, {})
        names.append(f"{number:02d}-{step}-x")
        going = _write_step(folder / names[-1], number, step, stages, going, columns, parts)
    RunRecord(0, {}, ("in",), tuple(names), {}, {}).save(str(folder))
    return folder


STRING = SOURCE_COLUMNS["url"]
WRITES = {
    "url_filter": {"site": STRING},
    "language": {"language": STRING},
    **{stage.name: stage.writes for stage in (PageType, Clutter, Quality, Category)},
}


def _write_step(folder, number, step, stages, pages, columns, parts):
    results, rows = [], []
    size = -(-len(pages) // parts) if pages else 1
    for part in range(parts):
        documents = [_judged(page, columns, stages) for page in pages[part * size :][:size]]
        rows += documents
        with PartWriter(columns, str(folder), part, 10**9) as writer:
            writer.write(documents)
            results.append(writer.finish({}))
    ended = [document.decision for document in rows]
    counts = [ended.count(decision) for decision in Decision]
    descriptions = tuple(
        StageDescription(name, 1, CONFIGURATIONS.get(name, {}), {}) for name in stages
    )
    Manifest(
        step, number, "x", descriptions, len(pages), *counts, (), {}, 0.1, tuple(results)
    ).save(str(folder))
    return [page for page, document in zip(pages, rows, strict=True) if document.decision == "keep"]


def _judged(page, columns, stages):
    """The row of a page after the stages of a step."""
    row = dict.fromkeys(columns) | {
        "doc_id": page.doc_id,
        "url": f"http://www.{page.site}/{page.number}",
        "position": page.number,
        "title": f"Page {page.number}",
        "text": page.text,
        "site": page.site,
    }
    document = Document(row)
    if "language" in columns:
        row["language"] = page.language
    for stage in stages:
        if page.ends == stage == "url_filter":
            row |= {"text": None, "language": None}
        if document.decision == "keep":
            document.apply(stage, _verdict(page, stage, document.columns))
    return document


def _verdict(page, stage, row):
    made, edits = {}, ()
    if stage == "page_type":
        made = {"page_type": page.page_type, "page_type_score": page.score}
    elif stage == "clutter":
        lines = row["text"].split("\n")
        edits = tuple(
            Edit(n, line, "low_line_score") for n, line in enumerate(lines) if line == NAV
        )
        left = "\n".join(line for line in lines if line != NAV).strip("\n")
        made = {"clutter_score": 0.6, "text": left}
    elif stage == "quality":
        made = {"quality": page.quality}
    elif stage == "category":
        made = {"category": "world_history", "category_score": 0.4}
    if page.ends == stage:
        return remove(Fault.BAD, "", made, edits)
    if page.ends == f"quarantine by {stage}":
        return quarantine(Fault.BAD, "")
    return keep(made, edits)
