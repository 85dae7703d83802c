"""The story of one page: what every stage of a run said of it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from curation.errors import UsageError
from curation.inspect.printable import printable
from curation.inspect.run_files import StepRun, find_exported, find_rows, load_run
from schemas.document import SOURCE_COLUMNS
from schemas.verdict import VERDICT_FIELDS, Decision
from stages.base import Row

_NOT_SHOWN = {*SOURCE_COLUMNS, *(field.name for field in VERDICT_FIELDS)}
_MAX_EDITS = 5


@dataclass
class Story:
    """One capture, what each step made of it, in order, and its rows in the shards."""

    identity: Row
    events: list[tuple[str, Decision, Row]] = field(default_factory=list)
    exported: list[tuple[str, int]] = field(default_factory=list)


def tell(batch_folder: str, query: str) -> list[Story]:
    """The stories of every capture with that URL or doc_id. Raises UsageError for none."""
    stories: dict[int, Story] = {}
    runs = load_run(batch_folder)
    for run in runs:
        for decision, row in _rows(run, query):
            story = stories.setdefault(row["position"], Story(row))
            story.events.append((run.manifest.step, decision, row))
    if not stories:
        raise UsageError(f"{query}: no page with this URL or doc_id in {batch_folder}")
    in_order = [stories[position] for position in sorted(stories)]
    for run in runs:
        for story in in_order:
            if story.events[-1][1] is Decision.KEEP:
                story.exported.extend(find_exported(run, story.identity["doc_id"]))
    return in_order


def _rows(run: StepRun, query: str) -> Iterator[tuple[Decision, Row]]:
    if run.manifest.stages:
        for decision in Decision:
            for row in find_rows(run, decision, query):
                yield decision, row


def lines(story: Story) -> Iterator[str]:
    """The story as lines for a terminal, each on one line and without control characters."""
    return map(printable, _lines(story))


def _lines(story: Story) -> Iterator[str]:
    first = story.identity
    yield f"{first['url'] or '(no URL)'}"
    yield f"  doc_id {first['doc_id']}  captured {first['date'] or 'at an unknown time'}"
    yield f"  {first['source']} at {first['offset']:,}"
    shown: set[str] = set(_NOT_SHOWN)
    edits = 0
    for step, decision, row in story.events:
        if decision is Decision.KEEP:
            yield f"  {step}: kept"
        else:
            verb = "removed" if decision is Decision.REMOVE else "quarantined"
            yield f"  {step}: {verb} by {row['stage']}: {row['reason']}: {row['detail']}"
        for name, value in row.items():
            if name not in shown and value is not None:
                yield f"      {name} = {_shown(value)}"
                shown.add(name)
        made = (row["edits"] or [])[edits:]
        for edit in made[:_MAX_EDITS]:
            yield f"      cut by {edit['stage']} ({edit['reason']}): {edit['text'][:100]}"
        if len(made) > _MAX_EDITS:
            yield f"      … and {len(made) - _MAX_EDITS} more lines"
        edits += len(made)
    for shard, number in story.exported:
        yield f"  exported: row {number:,} of {shard}"


def _shown(value: object) -> str:
    if isinstance(value, float):
        return f"{value:.4g}"
    if isinstance(value, dict):
        return ", ".join(f"{k} {_shown(v)}" for k, v in value.items() if v is not None)
    return str(value)
