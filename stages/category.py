"""What each document is about, as one of the 200 classes of the taxonomy."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar

import pyarrow as pa

from models.transformer import LongTexts
from schemas.verdict import Verdict, keep
from stages.base import DocumentStage, Judge, Row


@dataclass(frozen=True)
class Category(DocumentStage):
    """Write ``category`` and ``category_score``; every document is kept.

    The title counts like a line of the text. Source: dots.llm1 report, appendix C, category
    balancing: a 200-class classifier; the classes are this project's own.
    """

    model: str = "embedded"
    """"embedded", "lexicon", or a checkpoint whose labels are the ids of the taxonomy;
    ``FOLDER#TASK`` is one of several heads on one base."""
    long_texts: LongTexts = "as_trained"
    """What a checkpoint reads of a text that is longer than its rows: its ``head``, ``head_tail``,
    or the ``mean`` of windows; ``as_trained`` is what its curation.json says, else ``head``."""
    taxonomy: str = "taxonomy.toml"
    """The file of exactly 200 classes; a path of your own starts with / or a dot."""

    name: ClassVar[str] = "category"
    version: ClassVar[int] = 3
    reads: ClassVar[tuple[str, ...]] = ("title", "text")
    writes: ClassVar[Mapping[str, pa.DataType]] = {
        "category": pa.string(),
        "category_score": pa.float64(),
    }

    @property
    def opens_before_fork(self) -> bool:
        """The embedded model; a checkpoint may hold a GPU."""
        return self.model in ("embedded", "lexicon")

    def lacks(self, language: str) -> str:
        """Lexicons in the taxonomy, for the embedded model."""
        from models import category

        return category.lacks(language, self.model, taxonomy=self.taxonomy)

    def resources(self) -> Mapping[str, str]:
        """The taxonomy and the model."""
        from models import category

        return {f"model {self.model}": category.digest(self.model, taxonomy=self.taxonomy)}

    def open(self) -> Judge:
        """Classify a batch at once."""
        from models import category

        model = category.load(self.model, taxonomy=self.taxonomy, long_texts=self.long_texts)

        def judge(rows: Sequence[Row]) -> list[Verdict]:
            texts = [f"{row['title'] or ''}\n{row['text'] or ''}" for row in rows]
            return [
                keep({"category": one.category, "category_score": one.score})
                for one in model.score(texts)
            ]

        return judge
