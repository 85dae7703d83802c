"""A sample of a finished run, written as questions to annotators."""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import BinaryIO

from curation import storage
from curation.labelling.questions import QuestionMaker, to_line
from curation.labelling.run_documents import JudgedRun, ends
from curation.labelling.run_texts import read_texts
from curation.labelling.sample import Sample, draw_sample
from curation.labelling.tasks import values_of

STDOUT = "-"


@dataclass(frozen=True, slots=True)
class ExportSettings:
    """What a sample is to be; equal settings on one run give equal bytes."""

    size: int
    max_per_site: int
    seed: int
    max_chars: int


@dataclass(frozen=True, slots=True)
class ExportResult:
    """What was written, of how many documents in how many strata; ``empty`` ones were left out."""

    written: int
    empty: int
    population: int
    strata: int


def export(run: JudgedRun, settings: ExportSettings, out: str) -> ExportResult:
    """Write a sample of the run's documents as JSONL to ``out``, or to standard output for "-".

    The run's files are read three times, twice without texts. Held are some numbers for each
    document of the sample and for each stratum, and one text. Raises UsageError for a run in which
    there is nothing to label.
    """
    threshold = run.task.scored_by.threshold(run.stage.configuration)
    sample = draw_sample(
        lambda: ends(run), threshold, settings.size, settings.max_per_site, settings.seed
    )
    maker = QuestionMaker(
        run.task, values_of(run.task, run.stage), run.name, max_chars=settings.max_chars
    )
    with tempfile.TemporaryFile() as rows, _opened(out) as sink:
        places = _write_rows(run, sample, maker, rows)
        for one in sample.drawn:
            start, size = places.get((one.document.doc_id, one.document.position), (0, 0))
            rows.seek(start)
            sink.write(rows.read(size))
    written = len(places)
    return ExportResult(
        written, len(sample.drawn) - written, sample.population, strata=sample.strata
    )


def _write_rows(
    run: JudgedRun, sample: Sample, maker: QuestionMaker, rows: BinaryIO
) -> dict[tuple[str, int], tuple[int, int]]:
    """Write each question in the order of the run's files; where it starts, and its length."""
    drawn = {(one.document.doc_id, one.document.position): one for one in sample.drawn}
    places = {}
    for found in read_texts(run, [one.document for one in sample.drawn]):
        if found.text.strip():
            key = found.ended.doc_id, found.ended.position
            line = to_line(maker.make(drawn[key], found))
            places[key] = rows.tell(), len(line)
            rows.write(line)
    return places


@contextmanager
def _opened(out: str) -> Iterator[BinaryIO]:
    """Where to write; a file appears whole or not at all."""
    if out == STDOUT:
        yield sys.stdout.buffer
        sys.stdout.buffer.flush()
        return
    with storage.scratch(out) as path, path.open("wb") as stream:
        yield stream
