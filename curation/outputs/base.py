"""The one abstraction of what is made of the documents that are kept: an output.

An output is made of the files of documents that the last step kept, or of the files of another
output. It loses nothing: what it was given and what it wrote must agree, or the run fails.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, ClassVar

import pyarrow as pa
from pydantic import JsonValue

from curation import storage
from curation.spark.tasks import RunTasks
from curation.storage import StoredFile
from curation.storage.manifest import Figure, Manifest, TokenCount

if TYPE_CHECKING:
    from pyspark.sql import SparkSession


@dataclass(frozen=True)
class Material:
    """What an output is made of: ``files`` in ``folder``, each with its rows; none are left out.

    ``pipeline`` names the dataset, ``fingerprint`` is that of the output itself. ``sources`` are
    the files of the crawl, and ``steps`` the accounts of what was done to it, in order.
    """

    folder: str
    files: tuple[StoredFile, ...]
    pipeline: str
    fingerprint: str
    sources: tuple[str, ...] = ()
    steps: tuple[Manifest, ...] = ()
    configuration: Mapping[str, object] = field(default_factory=dict)

    def uri(self, file: StoredFile) -> str:
        """Where a file lies."""
        return storage.join(self.folder, file.name)


@dataclass(frozen=True)
class Made:
    """What an output made, ``files`` in ``folder``; ``leaving`` are documents that it is to lose.

    Those are named by their ``doc_id``.
    """

    folder: str
    files: tuple[StoredFile, ...]
    leaving: frozenset[str]


@dataclass(frozen=True)
class OutputAccount:
    """What an output wrote, and of how much.

    ``rows_in`` are the rows of what it was made of; ``documents`` must be as many. ``figures`` are
    for people; ``tokens`` are what it wrote by language and by page type, where it can tell.
    """

    files: tuple[StoredFile, ...]
    rows_in: int
    documents: int
    figures: tuple[Figure, ...]
    tokens: tuple[TokenCount, ...] = ()


@dataclass(frozen=True)
class Output(ABC):
    """Make something of what is kept. The fields are the configuration.

    ``name`` is that of its table in a configuration, which asks for it, and of its step.
    ``version`` is raised when the bytes change for the same configuration: it is part of the
    fingerprint. ``made_of`` names another output of whose files it is made, or is "" for the
    documents that are kept.
    """

    name: ClassVar[str]
    version: ClassVar[int] = 1
    made_of: ClassVar[str] = ""

    @abstractmethod
    def write(self, spark: SparkSession, material: Material, folder: str) -> OutputAccount:
        """Write its files to an empty folder. The bytes depend on rows and configuration alone."""

    def resources(self) -> Mapping[str, str]:
        """Name and content digest of every file that the bytes depend on: a tokenizer.

        Raises OSError or ValueError, in words for the user, for one that is missing or malformed:
        it is called before a session starts.
        """
        return {}

    def check(self, columns: Mapping[str, pa.DataType]) -> None:  # noqa: B027 - most can always
        """Look whether it can be made of documents with these columns, before any are made.

        Raises ValueError, in words for the user, where it cannot.
        """

    def without(
        self,
        run: RunTasks,  # noqa: ARG002 - most cannot
        material: Material,  # noqa: ARG002
        made: Made,  # noqa: ARG002
        into: str,  # noqa: ARG002
    ) -> OutputAccount | None:
        """What it has made, without some documents that ``material`` has lost; None if it cannot.

        The bytes are those that it would write of ``material`` now. Files that change are written
        to the folder ``into`` under their own names; those that it does not name any more go. What
        cannot is deleted, and made again by the next run.
        """
        return None

    @classmethod
    def find(cls, uri: str, doc_id: str) -> Iterator[int]:  # noqa: ARG003 - most have no rows
        """The rows (from 0) of a document in one of its files, where documents are rows of it."""
        return iter(())

    @classmethod
    def files_with(
        cls,
        files: Sequence[StoredFile],
        doc_id: str,  # noqa: ARG003 - most cannot tell
        copies: int,  # noqa: ARG003
        settings: Mapping[str, JsonValue],  # noqa: ARG003
    ) -> Sequence[StoredFile]:
        """Those of its files that may have rows of a document with so many copies.

        ``settings`` are the fields that it had. ``find`` looks into no other file.
        """
        return files
