"""Whether a copy of exported shards, or of packed sequences, is what was written: without its root.

All that is known of it is what lies beside: ``manifest.json`` names every file with its size, rows
and SHA-256. A card may have been filled in since, so of that only the numbers are compared.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from curation import storage
from curation.errors import DamageError, RecordError, UsageError
from curation.outputs.dataset_card import CONFIGURATION, MANIFEST, counted
from curation.outputs.export_manifest import ExportManifest
from curation.outputs.mds import INDEX, MdsLayout, listed_in
from curation.outputs.pack_manifest import PackManifest
from curation.outputs.seeded_shards import CARD
from curation.storage import StoredFile
from curation.storage.integrity import find_damage
from curation.storage.parquet import open_parquet
from curation.storage.records import parse_record

REMEDY = "copy it again"
DATA = re.compile(r"(?:shard|packed)-\d+(?:-of-\d+)?\.[a-z.]+")
"""The names of files that hold rows."""
_COUNTED = re.compile(
    r"^[\d,]+ documents in [\d,]+ rows, [\d,]+ tokens, [\d,]+ characters", re.MULTILINE
)


@dataclass
class CopyVerification:
    """What was looked at in a copy, and what is wrong with it, a line each."""

    folder: str
    files: int = 0
    rows: int = 0
    bytes: int = 0
    faults: list[str] = field(default_factory=list)

    def __str__(self) -> str:
        """Both in one line."""
        found = f"{len(self.faults):,} faults" if self.faults else "whole"
        looked = f"{self.files:,} files, {self.rows:,} rows, {self.bytes / 2**20:,.1f} MiB"
        return f"{self.folder}: {looked}: {found}"


def verify_copy(folder: str) -> CopyVerification:
    """Read every byte of a copy and hold it against what lies beside it.

    Raises UsageError for a folder that is not there or holds nothing that an output made.
    """
    names = storage.list_names(folder)
    if MANIFEST not in names and not any(map(DATA.fullmatch, names)):
        raise UsageError(f"{folder}: holds no {MANIFEST} and no shards: name a folder of an export")
    found = CopyVerification(folder)
    try:
        manifest = read_manifest(folder)
    except (DamageError, RecordError) as error:
        found.faults.append(str(error))
        return found
    found.files, found.bytes = len(manifest.files), sum(file.bytes for file in manifest.files)
    found.rows = sum(file.rows for file in manifest.files)
    found.faults += _faults(folder, manifest, names)
    return found


def beside(folder: str) -> list[str]:
    """What lies beside the data and belongs to it: card and configuration first, manifest last."""
    names = storage.list_names(folder)
    return [name for name in (CONFIGURATION, CARD, INDEX, MANIFEST) if name in names]


def read_manifest(folder: str) -> ExportManifest | PackManifest:
    """What lies beside the data and names it. Raises DamageError where it is gone or damaged."""
    uri = storage.join(folder, MANIFEST)
    try:
        content = storage.read_bytes(uri)
    except FileNotFoundError as error:
        raise DamageError.of(uri, "is gone, which says what the files are", REMEDY) from error
    try:
        if b'"tokenizer"' in content:
            return parse_record(uri, content, PackManifest)
        return parse_record(uri, content, ExportManifest)
    except RecordError as error:
        fault = str(error).removeprefix(f"{uri}: ").removesuffix(f": {ExportManifest.remedy}")
        raise DamageError.of(uri, fault, REMEDY) from error


def _faults(
    folder: str, manifest: ExportManifest | PackManifest, names: Sequence[str]
) -> Iterator[str]:
    outside = [file.name for file in manifest.files if "/" in file.name or "\\" in file.name]
    if outside:
        yield f"{storage.join(folder, MANIFEST)}: names {outside[0]!r}, which is no file beside it"
        return
    listed = {file.name for file in manifest.files}
    for file in manifest.files:
        yield from _faults_of(folder, file, manifest)
    for name in names:
        if DATA.fullmatch(name) and name not in listed:
            uri = storage.join(folder, name)
            yield f"{uri}: is not in {MANIFEST}: it is of another export, and would be loaded too"
    if isinstance(manifest, ExportManifest):
        yield from _faults_beside(folder, manifest)
        if any(file.name.endswith(MdsLayout.suffix) for file in manifest.files):
            yield from _faults_of_index(folder, manifest.files)


def _faults_of(
    folder: str, file: StoredFile, manifest: ExportManifest | PackManifest
) -> Iterator[str]:
    """What is wrong with one file: it is gone, of another size, of other bytes, or miscounted."""
    uri = storage.join(folder, file.name)
    for damage in find_damage(folder, [file], deep=True):
        yield str(DamageError.of(uri, damage.fault, REMEDY))
        return
    if not file.name.endswith(".parquet"):
        return
    try:
        with open_parquet(uri) as parquet:
            rows, columns = parquet.metadata.num_rows, parquet.schema_arrow.names
    except DamageError as damage:
        yield str(DamageError.of(uri, damage.fault, REMEDY))
        return
    if rows != file.rows:
        yield f"{uri}: has {rows:,} rows, {MANIFEST} says {file.rows:,}: one of the two was changed"
    if isinstance(manifest, ExportManifest) and columns != [one.name for one in manifest.columns]:
        yield f"{uri}: has other columns than {MANIFEST} says: one of the two was changed"


def _faults_of_index(folder: str, files: Sequence[StoredFile]) -> Iterator[str]:
    """What is wrong with the index that readers of MDS open shards by."""
    uri = storage.join(folder, INDEX)
    try:
        listed = listed_in(storage.read_bytes(uri))
    except FileNotFoundError:
        yield f"{uri}: is gone, and nobody can read the shards without it: {REMEDY}"
    except (ValueError, TypeError, KeyError):
        yield f"{uri}: is damaged: {REMEDY}"
    else:
        if listed != [file for file in files if file.rows]:
            yield f"{uri}: lists other shards than {MANIFEST}: one of the two was changed"


def _faults_beside(folder: str, manifest: ExportManifest) -> Iterator[str]:
    """What is wrong with the card and the configuration that lie beside shards."""
    uri, rows = storage.join(folder, MANIFEST), sum(file.rows for file in manifest.files)
    if rows != manifest.counts.rows:
        yield f"{uri}: counts {manifest.counts.rows:,} rows, its files have {rows:,}: {REMEDY}"
    card, settings = storage.join(folder, CARD), storage.join(folder, CONFIGURATION)
    try:
        said = _COUNTED.findall(storage.read_bytes(card).decode("utf-8", "replace"))
        if said and counted(manifest.counts) not in said:
            yield f"{card}: says {said[0]}, the shards have {counted(manifest.counts)}: {REMEDY}"
    except FileNotFoundError:
        yield f"{card}: is gone: {REMEDY}"
    try:
        json.loads(storage.read_bytes(settings))
    except FileNotFoundError:
        yield f"{settings}: is gone: {REMEDY}"
    except ValueError:
        yield f"{settings}: is damaged: {REMEDY}"
