"""The one abstraction: a stage annotates documents and says keep, remove or quarantine.

A *document stage* judges each document alone, in plain Python. A *corpus stage* judges documents
against each other in three moves: ``open_keys`` (plain Python, in the worker) gives a few narrow
columns for each document; ``flag`` (Spark) compares those, and only those, across the corpus;
``open`` (plain Python again) judges each document with the flag that was raised on it, if any.
Text never leaves the worker that read it.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, Any, ClassVar, Protocol, Self, runtime_checkable

import pyarrow as pa
from annotated_types import Ge, Interval, Unit

from schemas.verdict import NOTHING, Verdict
from stages.recall import Limit, Recall, Threshold

if TYPE_CHECKING:
    from pyspark.sql import DataFrame

Row = Mapping[str, Any]
"""One document: the columns that the stage ``reads`` and, for a corpus stage, ``flag``."""

Judge = Callable[[Sequence[Row]], Sequence[Verdict]]
"""A batch of documents in, one verdict for each out, in the same order."""


@runtime_checkable
class StartingJudge(Protocol):
    """A judge that has something to start in the process that it judges in.

    It is started before that process reads its first document, so that it may fork: readers of
    object stores have threads.
    """

    def start(self) -> None:
        """Start it, unless it runs already."""

    def __call__(self, rows: Sequence[Row], /) -> Sequence[Verdict]:
        """Judge a batch."""


KeyRow = Mapping[str, object]
"""The key columns of one document."""

Keys = Callable[[Sequence[Row]], Sequence[KeyRow]]
"""A batch of documents in, the key columns of each out, in the same order."""

Ratio = Annotated[float, Interval(ge=0, le=1)]
Count = Annotated[int, Ge(0)]
Positive = Annotated[int, Ge(1)]
Seconds = Annotated[float, Interval(gt=0), Unit("s")]
Bytes = Annotated[int, Ge(1), Unit("bytes")]


@dataclass(frozen=True)
class Stage(ABC):
    """Annotate documents; never add or drop a row. The fields are the configuration.

    What a field means stands in a string below it, its unit in its type (``conf.settings``):
    `curate config` and the pages of docs/stages have both from there.
    ``version`` is raised when the output changes for the same configuration: it is part of the
    fingerprint. ``reads`` names the columns it needs, ``writes`` those it sets, with their types.
    ``follows`` names fields that have the value of another stage's field, by stage and field, in a
    pipeline that runs that stage and does not set them. ``thresholds`` says of fields which stored
    measure they bound (``stages.recall``).
    """

    name: ClassVar[str]
    version: ClassVar[int] = 1
    reads: ClassVar[tuple[str, ...]]
    writes: ClassVar[Mapping[str, pa.DataType]] = NOTHING
    follows: ClassVar[Mapping[str, tuple[str, str]]] = NOTHING
    thresholds: ClassVar[Mapping[str, Threshold]] = NOTHING

    @abstractmethod
    def open(self) -> Judge:
        """Load what is heavy, once per worker process, and return the judge."""

    @property
    def written(self) -> Mapping[str, pa.DataType]:
        """The columns that it sets as configured: all that it ``writes``, unless it says less."""
        return self.writes

    @property
    def opens_before_fork(self) -> bool:
        """Whether what it opens may be opened once, by the process that workers are forked from.

        They share its memory so. It may if opening starts no thread and no process, and holds no
        device and no connection: none of them comes through a fork whole.
        """
        return True

    def resources(self) -> Mapping[str, str]:
        """Name and content digest of every file that a verdict depends on (lists, models, rules).

        A name begins with that of the setting that names the file, where the stage has
        ``state_settings``.
        Raises ``FileNotFoundError`` or ``ValueError``, in words for the user, for one that is
        missing or malformed: it is called before a session starts.
        """
        return {}

    def limits_in_force(self) -> tuple[Limit, ...]:
        """Every threshold as it is set, with the stored measure that it bounds."""
        return tuple(
            Limit(name, one.measure, one.bound, float(getattr(self, name)))
            for name, one in self.thresholds.items()
        )

    def recall(self, recorded: Self) -> Recall | None:  # noqa: ARG002 - most stages have none
        """How it judges by what the stage ``recorded`` has stored; None where that never suffices.

        Two stages of one version are meant, which differ in settings alone.
        """
        return None

    def revise(self, key: str, value: object) -> Self:  # noqa: ARG002 - most have fields alone
        """The stage with another value of what is no field of it: a threshold in a file of its own.

        Raises ValueError, in words for the user, for a key that is none of those or a wrong value.
        """
        raise ValueError(f"is not a setting of {self.name}")

    def kept_languages(self) -> tuple[str, ...] | None:
        """The languages of the documents that pass; None where it does not choose by language."""
        return None

    def lacks(self, language: str) -> str:  # noqa: ARG002 - most stages judge any language
        """What it lacks to judge a language, and how to add it, in words for the user; or "".

        A plan asks for each of the ``kept_languages`` of a stage before it, and is refused for
        whatever lacks something: "language fr", it says, "has no rules file: add one".
        """
        return ""


class DocumentStage(Stage):
    """Judges each document alone."""


class Reach(Protocol):
    """What of the state of earlier batches a batch can meet. It travels to the tasks, pickled."""

    def narrow(self, state: pa.RecordBatch) -> pa.RecordBatch:
        """The rows of some state that the batch may meet."""


class CorpusStage(Stage):
    """Judges documents against each other.

    ``keys`` are the narrow columns that ``open_keys`` computes for each document, ``flags`` those
    that ``flag`` returns for some. The engine puts ``part`` (int32), ``position`` (int64) and
    ``doc_id`` (string) before the keys, and ``flag`` returns ``part`` and ``position`` before the
    flags; a document is flagged at most once. ``state`` is what later batches are judged against,
    or None. ``state_settings`` are those that it hangs on, with the files that they name: batches
    that differ in others alone can be judged against each other. None means all.

    Of a batch whose keys take no more than ``reach_bytes``, as they lie on disk, ``reach`` tells
    what of a larger state it can meet; 0 means that it cannot be told.
    """

    keys: ClassVar[Mapping[str, pa.DataType]]
    flags: ClassVar[Mapping[str, pa.DataType]]
    state_columns: ClassVar[Mapping[str, pa.DataType] | None] = None
    state_settings: ClassVar[frozenset[str] | None] = None
    reach_bytes: ClassVar[int] = 0

    @abstractmethod
    def open_keys(self) -> Keys:
        """Load what is heavy, once per worker process, and return what computes the keys."""

    @abstractmethod
    def flag(self, keys: DataFrame, earlier: DataFrame | None) -> DataFrame:
        """Compare keys across the corpus. ``earlier`` is the state that earlier batches left.

        ``earlier`` has the ``state_columns`` and ``batch_number`` (int32, 0 for the first batch).
        A frame that is used twice may be persisted: the engine releases it when the step is done.
        """

    def state(self, keys: DataFrame, flags: DataFrame, earlier: DataFrame | None) -> DataFrame:
        """What this batch adds to the state: a frame of ``state_columns``."""
        raise NotImplementedError(f"stage {self.name} declares state_columns but makes no state")

    def reach(self, keys: DataFrame) -> Reach:
        """What these keys, in a frame of one partition, can meet of an earlier batch's state.

        Rows that it leaves out change nothing that ``flag`` or ``state`` say of the batch.
        """
        raise NotImplementedError(f"stage {self.name} has reach_bytes, but does not say what meets")

    @classmethod
    def merge(cls, earlier: DataFrame) -> DataFrame:
        """What ``earlier`` says in fewer rows of the same columns, where the stage knows how.

        A later batch is judged against it exactly as against ``earlier``.
        """
        return earlier


class FittedCorpusStage(CorpusStage):
    """Compares documents by a table that is fitted to the corpus: centroids, for instance.

    The table has ``fitted_columns``. It is made before the first flag is raised, stored beside the
    state of the batch that made it, and serves later batches until one of them makes a new one.
    """

    fitted_columns: ClassVar[Mapping[str, pa.DataType]]

    @abstractmethod
    def fit(
        self, keys: DataFrame, earlier: DataFrame | None, fitted: DataFrame | None, documents: int
    ) -> DataFrame | None:
        """The table for this batch and those after it, or None where ``fitted`` still serves.

        ``fitted`` is what an earlier batch made last, None if none did; None may serve too.
        ``documents`` is how many rows ``keys`` and ``earlier`` have together.
        """

    def reach(
        self,
        keys: DataFrame,
        fitted: DataFrame | None = None,  # noqa: ARG002 (it serves who overrides this)
    ) -> Reach:
        """What these keys can meet, compared by the table that serves this batch, if any."""
        return super().reach(keys)

    @abstractmethod
    def flag(
        self, keys: DataFrame, earlier: DataFrame | None, fitted: DataFrame | None = None
    ) -> DataFrame:
        """Compare keys across the corpus by the table that serves this batch, if there is one."""


def one_by_one(judge_one: Callable[[Row], Verdict]) -> Judge:
    """The judge that applies a function to each document of a batch."""

    def judge(rows: Sequence[Row]) -> list[Verdict]:
        return [judge_one(row) for row in rows]

    return judge
