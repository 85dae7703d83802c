"""Stages that the documents harm which ask for it: "judge: endless" hangs the judge."""

import ctypes
import os
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import repeat
from typing import ClassVar

import numpy as np
import pyarrow as pa

from schemas.verdict import Verdict, keep, remove
from stages.base import CorpusStage, DocumentStage, Judge, KeyRow, Keys, Row


def loop() -> None:
    while True:
        pass


def take_memory() -> None:
    held = []
    while True:
        held.append(np.ones(1 << 21))  # 16 MiB, all of it written


FAULTS: Mapping[str, Callable[[], object]] = {
    "endless": loop,
    "compiled": lambda: sum(repeat(1, 10**15)),  # holds the interpreter's lock, looks at no signal
    "hungry": take_memory,
    "huge": lambda: np.ones(50 << 27),  # 50 GiB
    "crashing": lambda: ctypes.string_at(0),
    "leaving": lambda: os._exit(0),
}
ASLEEP: Mapping[str, Callable[[], object]] = {"asleep": lambda: time.sleep(10_000)}


def suffer(where: str, row: Row) -> None:
    """What the document asks for."""
    place, _, fault = row["text"].partition(": ")
    if place == where:
        {**FAULTS, **ASLEEP}[fault]()


@dataclass(frozen=True)
class Faulty(DocumentStage):
    """Judges each document as it asks to be judged."""

    name: ClassVar[str] = "faulty"
    reads: ClassVar[tuple[str, ...]] = ("text",)

    def open(self) -> Judge:
        def judge(rows: Sequence[Row]) -> list[Verdict]:
            for row in rows:
                suffer("document", row)
            return [keep() for _ in rows]

        return judge


@dataclass(frozen=True)
class FaultyCorpus(CorpusStage):
    """Compares sizes, and keeps what was compared."""

    name: ClassVar[str] = "faulty_corpus"
    reads: ClassVar[tuple[str, ...]] = ("text",)
    keys: ClassVar[Mapping[str, pa.DataType]] = {"size": pa.int32()}
    flags: ClassVar[Mapping[str, pa.DataType]] = {"size": pa.int32()}

    def open_keys(self) -> Keys:
        def compute(rows: Sequence[Row]) -> list[KeyRow]:
            for row in rows:
                suffer("keys", row)
            return [{"size": len(row["text"])} for row in rows]

        return compute

    def flag(self, keys, earlier):
        return keys.select("part", "position", "size")

    def open(self) -> Judge:
        def judge(rows: Sequence[Row]) -> list[Verdict]:
            for row in rows:
                suffer("judge", row)
            return [keep() if row["flag"] else remove("not_compared", "") for row in rows]

        return judge
