"""Which collections of labelled data weights may be made from: one table, ``licences.toml``."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from conf.records import RecordReader, read_table
from curation.errors import UsageError

TABLE = Path(__file__).with_name("licences.toml")


@dataclass(frozen=True, slots=True)
class Collection:
    """Who publishes a collection, its licence ("" if none is stated), and what that allows."""

    by: str
    licence: str
    weights: bool


@cache
def read_licences(path: Path = TABLE) -> Mapping[str, Collection]:
    """The collections by name. Raises ConfigError with file, key, value and rule."""
    reader = RecordReader(str(path))
    return {
        name: reader.record(Collection, table, name) for name, table in read_table(path).items()
    }


def may_train_on(name: str) -> bool:
    """Whether weights made from a collection may be shipped.

    Raises UsageError for a collection that the table does not have: somebody must look first.

    >>> may_train_on("wcxb"), may_train_on("gne_gpl")
    (True, False)
    """
    known = read_licences()
    if name not in known:
        raise UsageError(
            f"collection {name!r}: {TABLE.name} does not say whether weights may be made from it; "
            f"add a table with by, licence and weights"
        )
    return known[name].weights
