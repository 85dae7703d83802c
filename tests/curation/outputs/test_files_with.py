"""The shards that may hold a document are those that its copies were put in."""

import pyarrow as pa

from curation.outputs.export import Export
from curation.outputs.shards import exported_schema, place_rows
from curation.storage import StoredFile
from schemas.page import doc_id


def test_every_copy_is_in_one_of_the_shards_that_are_named():
    ids, copies = [doc_id(str(n)) for n in range(60)], [n % 4 for n in range(60)]
    batch = pa.RecordBatch.from_pydict({"doc_id": ids, "copies": copies})
    layout = Export(seed=7).layout(5, exported_schema(batch.schema))
    files = [StoredFile(layout.file_name(n), 1, 1, "") for n in range(5)]
    others = [StoredFile("README.md", 0, 1, "")]
    placed: dict[str, set[str]] = {}
    for rows in place_rows(batch, 0, layout):
        for name, shard in zip(rows["doc_id"].to_pylist(), rows["_shard"].to_pylist(), strict=True):
            placed.setdefault(name, set()).add(layout.file_name(shard))
    for name, count in zip(ids, copies, strict=True):
        found = Export.files_with([*files, *others], name, count, {"seed": 7})
        assert {file.name for file in found} == placed.get(name, set())
    assert Export.files_with([*files, *others], ids[0], 1, {}) == files
