"""Whatever a crawl holds and however it is judged, every record of it ends in exactly one state."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import ClassVar
from uuid import uuid4

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from curation.errors import LedgerError
from curation.parts import writer
from curation.parts.process import StepWork, process_part
from curation.run.part_sizes import PartSizing, parts_of_crawl, parts_of_step
from curation.run.plan import PlannedStep
from curation.sources.inputs.expand import expand
from curation.sources.reader import SourceOptions
from curation.storage import ledger, manifest
from curation.storage.manifest import Manifest
from schemas.document import SOURCE_COLUMNS
from schemas.verdict import Decision, Verdict, keep, quarantine, remove
from stages.base import DocumentStage, Judge, Row
from tests.curation.sources.archives import http, members, page_record, record


class Whim(StrEnum):
    UNLOVED = "unloved"
    UNCLEAR = "unclear"


@dataclass(frozen=True)
class Whimsical(DocumentStage):
    """Judges by the last digit of an address, in every way in which a stage can, and must not."""

    name: ClassVar[str] = "whimsical"
    reads: ClassVar[tuple[str, ...]] = ("url",)
    writes: ClassVar = {"whim": pa.string()}
    whims: tuple[str, ...] = ("keep",)

    def open(self) -> Judge:
        def judge(rows: Sequence[Row]) -> list[Verdict]:
            return [self._of(row["url"]) for row in rows]

        return judge

    def _of(self, url: str) -> Verdict:
        whim = self.whims[int(url[-1]) % len(self.whims)]
        return {
            "keep": lambda: keep({"whim": "so be it"}),
            "remove": lambda: remove(Whim.UNLOVED, "for no reason"),
            "quarantine": lambda: quarantine(Whim.UNCLEAR, "for no reason"),
            "raise": lambda: {}[url],
            "unstorable": lambda: keep({"whim": object()}),
            "surrogate": lambda: keep({"whim": "\ud800"}),
        }[whim]()


WHIMS = ("keep", "remove", "quarantine", "raise", "unstorable", "surrogate")
KINDS = {
    "page": page_record,
    "missing": lambda n: record(http(b"gone", status="404 Not Found"), number=n),
    "picture": lambda n: record(http(b"\0\1", content_type="image/png"), number=n),
    "no http": lambda n: record(b"nothing of the kind", number=n),
    "bad coding": lambda n: record(http(b"\x1f\x8b0", more="Content-Encoding: gzip\r\n"), number=n),
    "empty": lambda n: record(b"", number=n),
    "request": lambda n: record(b"GET / HTTP/1.1\r\n\r\n", kind="request", number=n),
    "metadata": lambda n: record(b"a: b", kind="metadata", number=n),
}
reached: Counter[str] = Counter()
"""How often records ended in which way: the draws must come upon all of them."""
NO_PAGES = ("request", "metadata")
RECORDS = st.lists(st.sampled_from(["page"] * 8 + sorted(KINDS)), min_size=1, max_size=9)
FILES = st.lists(st.tuples(st.sampled_from(["", ".gz", ".zst"]), RECORDS), min_size=1, max_size=3)


def write_crawl(folder, files):
    """The files, and how many records of each kind they hold."""
    folder.mkdir()
    number = 0
    for place, (packing, kinds) in enumerate(files):
        records = [KINDS[kind](number + n) for n, kind in enumerate(kinds)]
        number += len(kinds)
        (folder / f"{place}.warc{packing}").write_bytes(b"".join(members(records, packing)))
    return Counter(kind for _, kinds in files for kind in kinds)


def do_step(folder, parts, stage, options):
    """A step as a run does it, but in this process: its manifest, as the ledger would have it."""
    columns = {**SOURCE_COLUMNS, **stage.writes}
    step = PlannedStep(1, "step", uuid4().hex, str(folder), (stage,), columns)
    work = StepWork(step.fingerprint, step.stages, columns, step.folder, "default", options, 100)
    results = [process_part(work, part, {}, lambda *_: None).result for part in parts]
    totals = manifest.add_up(results)
    counts = [totals.rows.get(decision, 0) for decision in Decision]
    by_decision = dict(zip(map(str, Decision), counts, strict=True))
    return step, Manifest(
        step="step",
        number=1,
        fingerprint=step.fingerprint,
        stages=(),
        rows_in=totals.rows_in,
        keep=by_decision["keep"],
        remove=by_decision["remove"],
        quarantine=by_decision["quarantine"],
        reasons=totals.reasons,
        skipped=totals.skipped,
        seconds=0.0,
        parts=tuple(results),
    )


def rows_of(step, made):
    return [
        row
        for decision in Decision
        for _, file in made.files(decision)
        for row in pq.read_table(f"{step.folder}/{file.name}", partitioning=None).to_pylist()
    ]


@settings(max_examples=10)
@given(
    files=FILES,
    whims=st.tuples(st.permutations(WHIMS), st.permutations(WHIMS)),
    part_bytes=st.integers(500, 8000),
    remove_truncated=st.booleans(),
    max_body_bytes=st.sampled_from([1, 100, 1 << 20]),
)
def check_every_record(files, whims, part_bytes, remove_truncated, max_body_bytes):
    with TemporaryDirectory() as home:
        kinds = write_crawl(Path(home, "in"), files)
        sizing = PartSizing(2, part_bytes)
        options = SourceOptions(max_body_bytes, remove_truncated)
        first, second = (Whimsical(whims=tuple(each)) for each in whims)
        parts = parts_of_crawl(expand([f"{home}/in/*"]), sizing)
        step, made = do_step(f"{home}/1", parts, first, options)
        ledger.check(made, None)
        rows = rows_of(step, made)
        pages = sum(kinds.values()) - sum(kinds[kind] for kind in NO_PAGES)
        assert sum(made.skipped.values()) == kinds.total() - pages
        assert len(rows) == pages == len({row["position"] for row in rows})
        later, after = do_step(f"{home}/2", parts_of_step(step, made, sizing), second, options)
        ledger.check(after, made)
        assert len(rows_of(later, after)) == made.keep
        reached.update(reason.reason for reason in (*made.reasons, *after.reasons))
        reached["kept"] += after.keep


def test_every_record_ends_in_exactly_one_state():
    check_every_record()
    assert reached.keys() >= {"kept", "unloved", "unclear", "stage_failed", "unstorable_value"}


@pytest.mark.parametrize("decision", list(Decision))
def test_a_row_that_any_decision_loses_is_missed(tmp_path, monkeypatch, decision):
    """Rows are taken from a part's file of each decision, as a writer that errs would lose them."""
    add = writer._Sink.add

    def lose_last(self, batch):
        return add(self, batch.slice(0, batch.num_rows - (self.decision is decision)))

    monkeypatch.setattr(writer._Sink, "add", lose_last)
    write_crawl(tmp_path / "in", [("", ["page"] * 9)])
    stage = Whimsical(whims=("keep", "remove", "quarantine"))
    parts = parts_of_crawl(expand([str(tmp_path / "in")]), PartSizing(1, 1 << 20))
    _, made = do_step(tmp_path / "1", parts, stage, SourceOptions())
    assert made.rows_in == 9
    with pytest.raises(LedgerError):
        ledger.check(made, None)
