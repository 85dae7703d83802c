"""The funnel on a terminal: what came of the documents that are kept, and words as they are."""

import itertools
from dataclasses import replace

from rich.console import Console

from curation.inspect.funnel import funnel, funnel_table, output_rows
from curation.storage.manifest import Figure, Manifest, ReasonCount
from curation.storage.stage_description import StageDescription
from schemas.verdict import Decision

JUDGED = Manifest(
    step="balance",
    number=7,
    fingerprint="f" * 12,
    stages=(StageDescription("balance", 1, {}, {}),),
    rows_in=724,
    keep=724,
    remove=0,
    quarantine=0,
    reasons=(),
    skipped={},
    seconds=1.0,
)
EXPORT = replace(
    JUDGED, step="export", stages=(), figures=(Figure("rows", 1012), Figure("tokens", 5000))
)
PACK = replace(JUDGED, step="pack", stages=(), rows_in=1012, figures=(Figure("sequences", 3),))


def printed(table):
    console = Console(width=140)
    with console.capture() as capture:
        console.print(table)
    return capture.get()


def reasons_of(name, table):
    """What the row of a stage or an output says last; a long line goes on below."""
    lines = printed(table).splitlines()
    start = next(n for n, line in enumerate(lines) if line.startswith(f"│ {name} "))
    rows = [[cell.strip() for cell in line.split("│")[1:-1]] for line in lines[start:]]
    folded = itertools.takewhile(lambda row: len(row) == 7 and not row[0], rows[1:])
    return " ".join([rows[0][5], *(row[5] for row in folded)])


def test_documents_and_rows_are_told_apart_where_they_differ():
    outputs = output_rows([JUDGED, EXPORT, PACK], {"export": "", "pack": "export"})
    table = funnel_table(funnel([JUDGED]), outputs)
    assert reasons_of("export", table) == (
        "724 documents are 1,012 rows (balance has some exported more than once), tokens 5,000"
    )
    assert reasons_of("pack", table) == "1,012 rows, sequences 3"
    assert "724 pages in = 724 kept" in printed(table)


def test_documents_that_are_a_row_each_are_given_no_explanation():
    same = replace(EXPORT, figures=(Figure("rows", 724),))
    [row] = output_rows([same], {"export": ""})
    assert str(row) == "724 documents are 724 rows"


def test_what_a_stage_calls_its_reasons_is_neither_markup_nor_obeyed():
    reason = ReasonCount(Decision.REMOVE, "balance", "[red]\x1b[2Jx", 4)
    table = funnel_table(funnel([replace(JUDGED, keep=720, remove=4, reasons=(reason,))]))
    assert "[red]\\x1b[2Jx 4" in reasons_of("balance", table)
