"""A stage that takes a text's labels from its first words, so that a run needs no model."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

import pyarrow as pa

from schemas.verdict import keep
from stages.base import DocumentStage, one_by_one


@dataclass(frozen=True)
class Labelled(DocumentStage):
    """Language, class and quality, as in "en physics 0.7 and so on"."""

    name: ClassVar[str] = "labelled"
    reads: ClassVar[tuple[str, ...]] = ("text",)
    writes: ClassVar[Mapping[str, pa.DataType]] = {
        "language": pa.string(),
        "category": pa.string(),
        "category_score": pa.float64(),
        "quality": pa.float64(),
    }

    def open(self):
        return one_by_one(self._judge)

    def _judge(self, row):
        language, category, quality, *_ = row["text"].split()
        labels = {"language": language, "category": category, "quality": float(quality)}
        return keep({**labels, "category_score": 1.0})
