"""Batches with outputs, made as workers make them and without Spark."""

from dataclasses import replace
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from curation import storage
from curation.batches.run_record import RunRecord
from curation.outputs.base import Material
from curation.outputs.export import Export
from curation.outputs.export_counts import total
from curation.outputs.jsonl import Jsonl
from curation.outputs.mds import Mds
from curation.outputs.pack import Pack, _write_manifest, pack_one
from curation.outputs.packed_tokens import add_up
from curation.outputs.packing import total as all_sequences
from curation.outputs.provenance import common_folder
from curation.outputs.seeded_shards import ExportResult, _write_shard, describe_shards
from curation.outputs.shards import exported_schema, place_rows
from curation.parts.process import StepWork, process_part
from curation.parts.reader import CrawlSlice, CrawlSlices, Part, StepFile, StepFiles
from curation.run.step_summary import summarise_step
from curation.sources.reader import SourceOptions
from curation.sources.takedown.lists import StoredLists
from curation.storage import StoredFile
from curation.storage.manifest import Manifest
from schemas.document import SOURCE_COLUMNS
from schemas.verdict import Decision
from tests.curation.inspect.made_runs import done
from tests.curation.inspect.stages_of_numbers import Even, Scored

OUTPUTS = (
    Export(shards=3, row_group_rows=2),
    Pack(sequence_length=64),
    Jsonl(shards=2),
    Mds(shards=2),
)
PHASE = "late"
OF_PHASE = (Export(shards=1), Pack(sequence_length=96))
FINGERPRINT = "0" * 12
STATE = pa.schema([("digest", pa.binary()), ("doc_id", pa.string())])


def here(items, work):
    return [work(item) for item in items]


def make_batch(root, name, crawl, lists=None):
    """A batch of a crawl of JSONL: scored, then even, which leaves state; then every output.

    Then a phase, which is even once more, and has outputs of its own.
    """
    folder, files = Path(root) / "made" / name, sorted(Path(crawl).iterdir())
    slices = [CrawlSlices((CrawlSlice(n, str(path)),)) for n, path in enumerate(files)]
    first = _step(folder, name, 1, Scored(min_score=0.1), slices, lists)
    kept = first.files(Decision.KEEP)
    pieces = [_slice(folder / "01-scored-000000000000", *one) for one in kept]
    second = _even(folder, name, pieces, lists)
    settings = {"export.shards": 3, "export.row_group_rows": 2, "jsonl.shards": 2, "mds.shards": 2}
    settings |= {"pack.sequence_length": 64, "pack.tokenizer": "embedded"}
    steps = [f"{n:02d}-{s}-{FINGERPRINT}" for n, s in enumerate(["scored", "even"], 1)]
    names = [f"{n:02d}-{one.name}-{FINGERPRINT}" for n, one in enumerate(OUTPUTS, 3)]
    record = RunRecord(
        *(0, settings, tuple(map(str, files)), (*steps, *names)), {"even": steps[1]}, {"even": ""}
    )
    record.save(str(folder))
    material = Material(
        str(folder / steps[1]),
        *(tuple(file for _, file in second.files(Decision.KEEP)), "made", FINGERPRINT),
        sources=tuple(map(str, files)),
        steps=(first, second),
        configuration=settings,
    )
    for number, output in enumerate(OUTPUTS, 3):
        _output(folder, number, output, material)
    _phase(folder, name, pieces, lists, record, replace(material, steps=(first,)))
    return folder


def _phase(folder, batch, pieces, lists, record, material):
    even = _even(folder, batch, pieces, lists, f"{PHASE}-")
    settings = {"export.shards": 1, "pack.sequence_length": 96, "pack.tokenizer": "embedded"}
    step = f"02-{PHASE}-even-{FINGERPRINT}"
    names = [f"{n:02d}-{PHASE}-{one.name}-{FINGERPRINT}" for n, one in enumerate(OF_PHASE, 3)]
    steps = (record.steps[0], step, *names)
    states = {"even": step}
    replace(record, configuration=settings, steps=steps, states=states).save(str(folder), PHASE)
    material = replace(
        material,
        folder=str(folder / step),
        files=tuple(file for _, file in even.files(Decision.KEEP)),
        pipeline=f"made-{PHASE}",
        steps=(*material.steps, even),
        configuration=settings,
    )
    for number, output in enumerate(OF_PHASE, 3):
        _output(folder, number, output, material, f"{PHASE}-")


def _even(folder, batch, pieces, lists, phase=""):
    """The step that leaves state."""
    made = _step(folder, batch, 2, Even(), pieces, lists, phase)
    home = str(folder / f"02-{phase}even-{FINGERPRINT}")
    made = replace(made, state=(_state(home, made),))
    made.save(home)
    return made


def _step(folder, batch, number, stage, contents, lists, phase=""):
    home = str(folder / f"{number:02d}-{phase}{stage.name}-{FINGERPRINT}")
    columns = SOURCE_COLUMNS | Scored.writes
    work = StepWork(FINGERPRINT, (stage,), columns, home, batch, SourceOptions(), 10_000)
    work = replace(work, takedowns=lists or StoredLists())
    parts = [Part(n, content) for n, content in enumerate(contents)]
    results = [process_part(work, part, {}, lambda *_: None).result for part in parts]
    made = done(stage.name, number, (stage,), results)
    made = replace(made, summary=summarise_step(here, home, results))
    made.save(home)
    return made


def _slice(home, part, file):
    return StepFiles((StepFile(str(home / file.name), part, file.sha256),))


def _state(home, made):
    """Keys of what it kept, as deduplication leaves them."""
    files = [f"{home}/{file.name}" for _, file in made.files(Decision.KEEP)]
    ids = [one for f in files for one in pq.read_table(f, partitioning=None)["doc_id"].to_pylist()]
    path = Path(home) / "state" / "part-00000-000000000000.parquet"
    path.parent.mkdir()
    keys = pa.table({"digest": [i.encode() for i in ids], "doc_id": ids}, schema=STATE)
    pq.write_table(keys, path)
    return StoredFile(path.name, len(ids), path.stat().st_size, storage.sha256_of(path))


def _output(folder, number, output, material, phase=""):
    home = str(folder / f"{number:02d}-{phase}{output.name}-{FINGERPRINT}")
    export = str(folder / f"03-{phase}export-{FINGERPRINT}")
    if isinstance(output, Pack):
        files, figures, rows, tokens = _pack(output, home, export)
    else:
        files, counts = _shards(output, home, material)
        figures, rows, tokens = counts.figures(), counts.documents, counts.by_group()
    given = (number, FINGERPRINT, (), rows, rows, 0, 0, (), {}, 1.0)
    Manifest(output.name, *given, products=files, figures=figures, tokens=tokens).save(home)


def _shards(output, home, material):
    tables = [pq.read_table(material.uri(f), partitioning=None) for f in material.files]
    layout = output.layout(output.shards, exported_schema(tables[0].schema))
    root = common_folder(material.sources)
    placed = [
        row
        for n, table in enumerate(tables)
        for batch in table.to_batches()
        for some in place_rows(batch, n, layout, root)
        for row in some.to_pylist()
    ]
    placed.sort(key=lambda row: (row["_order"], row["doc_id"], row["copy"]))
    shards = []
    for number in range(layout.shards):
        rows = [row for row in placed if row["_shard"] == number]
        batch = pa.RecordBatch.from_pylist(rows, layout.placed_schema)
        shards.append(_write_shard(layout, home, number, iter([batch])))
    counts, stored = total(s.counts for s in shards), tuple(s.file for s in shards)
    beside = describe_shards(home, layout, FINGERPRINT, counts, stored)
    described = output._describe(material, home, root, ExportResult(stored, beside, counts))
    return (*stored, *beside, *described), counts


def _pack(output, home, export):
    tokenizer = output.load_tokenizer()
    names = sorted(str(path) for path in Path(export).glob("shard-*"))
    packed = [pack_one(n, uri, home, output, tokenizer) for n, uri in enumerate(names)]
    files, figures = [f for p in packed for f in p.files], all_sequences(p.figures for p in packed)
    manifest = _write_manifest(home, output, tokenizer, figures, tuple(files))
    tokens = add_up(count for one in packed for count in one.tokens)
    return (*files, manifest), figures.figures(), figures.documents, tokens
