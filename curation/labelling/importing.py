"""Labels that come back: checked against the run, compared with each other, and stored.

A row is taken whole or refused with its place; whatever is refused is listed. Where an annotator
says two things of one document in one pass, the first stands (what is stored, then what comes
first), and the other is refused as a conflict, unless ``replace`` says that the last stands.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from curation import storage
from curation.errors import UsageError
from curation.labelling.checks import Refused, Row, fault_of, read_rows
from curation.labelling.records import Label, read_file, stored_path, to_lines
from curation.labelling.run_documents import JudgedRun
from curation.labelling.run_lookup import look_up
from curation.labelling.tasks import values_of

Key = tuple[str, str, str, str, int]


@dataclass
class Account:
    """What became of the rows of an import; every row is in one of the four."""

    new: int = 0
    known: int = 0
    replaced: int = 0
    refused: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Imported:
    """The labels of a task with those that came, and what became of the rows."""

    path: str
    labels: Sequence[Label]
    account: Account
    is_stored: bool


def read_all(paths: Sequence[str]) -> list[Row | Refused]:
    """The rows of all files. Raises UsageError for a file that has none or cannot be read."""
    return list(read_rows(paths))


def task_of(rows: Iterable[Row | Refused]) -> str:
    """The one task of some rows. Raises UsageError for several, and where no row is a label."""
    rows = list(rows)
    tasks = sorted({row.label.task for row in rows if isinstance(row, Row)})
    if not tasks:
        first = next(row.message for row in rows if isinstance(row, Refused))
        raise UsageError(f"no row is a label; {first}")
    if len(tasks) > 1:
        raise UsageError(f"the rows are of {', '.join(tasks)}: name one with --task")
    return tasks[0]


def import_rows(
    rows: Sequence[Row | Refused],
    run: JudgedRun,
    root: str,
    *,
    replace: bool = False,
    skip_refused: bool = False,
) -> Imported:
    """Store the rows that can be taken in ``{root}/labels``; nothing where one is refused.

    With ``skip_refused`` the others are stored then. Importing the same rows again adds nothing.
    """
    path = stored_path(root, run.task.name)
    stored = {one.key: one for one in read_file(path)} if storage.exists(path) else {}
    before = dict(stored)
    account = Account()
    ids = {row.label.doc_id for row in rows if isinstance(row, Row)}
    values, known = values_of(run.task, run.stage), look_up(run, ids)
    for row in rows:
        if isinstance(row, Refused):
            account.refused.append(row.message)
        elif fault := fault_of(row.label, run.task, values, known):
            account.refused.append(f"{row.place}: {fault}")
        else:
            _take(row, stored, account, replace=replace)
    labels = [stored[key] for key in sorted(stored)]
    is_stored = skip_refused or not account.refused
    if is_stored and stored != before:
        storage.write_bytes(path, to_lines(labels))
    return Imported(path, labels, account, is_stored)


def _take(row: Row, stored: dict[Key, Label], account: Account, *, replace: bool) -> None:
    there = stored.get(row.label.key)
    if there is None:
        stored[row.label.key] = row.label
        account.new += 1
    elif there.judgement == row.label.judgement:
        account.known += 1
    elif replace:
        stored[row.label.key] = row.label
        account.replaced += 1
    else:
        said = f" ({there.value!r} before, {row.label.value!r} here)" if there.value else ""
        account.refused.append(
            f"{row.place}: conflict: {row.label.annotator} said another thing of document "
            f"{row.label.doc_id} in pass {row.label.pass_number}{said}"
        )
