"""Cut the lines that are not main text: borders, advertisements, navigation, repeated elements."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Annotated, ClassVar

import pyarrow as pa
from annotated_types import Unit

from models.base import TitledText
from models.cascade import Rule
from models.clutter import ClutterScore, digest, lacks, load
from models.text.shape import width
from schemas.verdict import Edit, Verdict, keep, remove
from stages.base import Count, Judge, Ratio, Row
from stages.model_stage import EMBEDDED, ModelStage, with_columns


class ClutterReason(StrEnum):
    """Why a line was cut, and why a document that lost lines goes as a whole."""

    LOW_LINE_SCORE = "low_line_score"
    NOTHING_LEFT = "nothing_left"
    TOO_LITTLE_LEFT = "too_little_left"


def cut(text: str, score: ClutterScore, min_line_score: float) -> tuple[str, tuple[Edit, ...]]:
    """The text without the lines under the threshold, and those lines as edits.

    Lines that stay are joined as they were; the text is untouched when nothing is cut.
    """
    lines = text.split("\n")
    low = [value is not None and value < min_line_score for value in score.lines]
    edits = tuple(
        Edit(number, line, str(ClutterReason.LOW_LINE_SCORE))
        for number, (line, is_low) in enumerate(zip(lines, low, strict=True))
        if is_low
    )
    left = [line for line, is_low in zip(lines, low, strict=True) if not is_low]
    return ("\n".join(left).strip("\n") if edits else text), edits


def judge(text: str, score: ClutterScore, min_line_score: float, min_width: int) -> Verdict:
    """Cut what is clutter; remove a document of which too little is left by the cuts."""
    left, edits = cut(text, score, min_line_score)
    columns = {"text": left, "clutter_score": score.mean}
    if not left.strip():
        detail = f"no line of {len(score.lines)} reaches min_line_score {min_line_score}"
        return remove(ClutterReason.NOTHING_LEFT, detail, columns, edits)
    if edits and width(left) < min_width:
        detail = f"{width(left)} < min_width {min_width} after {len(edits)} lines were cut"
        return remove(ClutterReason.TOO_LITTLE_LEFT, detail, columns, edits)
    return keep(columns, edits)


@dataclass(frozen=True)
class Clutter(ModelStage):
    """Scores every line of a document from 0 to 1, all in view, and cuts those that score low.

    A document that lost no line is left to the rules, however short. Blank lines have no score and
    stay. ``clutter_score`` is the mean of the line scores before cutting. Source: dots.llm1 report,
    appendix C.3, "Web Clutter Removal Model". Deviations: the embedded model is trees over features
    and hashed words, not a 1.5B decoder (``model`` takes one); one score stands for informational
    value, relevance and quality together, because the labels are "in the main text or not". In a
    cascade the line whose score is nearest to ``min_line_score`` says whether a document is sent
    on: then a checkpoint judges all of its lines.
    """

    model: str = EMBEDDED
    """"embedded", or a token classifier by path or Hugging Face name, with a label ``main``,
    ``keep`` or ``LABEL_1``; ``FOLDER#TASK`` is one of several heads on one base, which reads the
    title too."""
    min_line_score: Ratio = 0.1
    """The lowest score of a line that stays; 0 cuts nothing."""
    min_width: Annotated[Count, Unit("Latin characters")] = 150
    """What a document that lost lines must still have to stay; a Han character counts three."""

    name: ClassVar[str] = "clutter"
    version: ClassVar[int] = 3
    reads: ClassVar[tuple[str, ...]] = ("title", "text")
    writes: ClassVar[Mapping[str, pa.DataType]] = {
        "text": pa.string(),
        "clutter_score": pa.float64(),
        "clutter_judged_by": pa.string(),
    }

    def open(self) -> Judge:
        """Load the model and judge whole batches with it."""
        scored = self.scorer(
            lambda name: load(name, weights=self.weights),
            lambda score: score.nearest(self.min_line_score),
            self._is_close,
        )

        def judge_batch(rows: Sequence[Row]) -> list[Verdict]:
            items = [TitledText(row.get("title") or "", row["text"] or "") for row in rows]
            return [
                with_columns(judge(item.text, score, self.min_line_score, self.min_width), columns)
                for item, (score, columns) in zip(items, scored(items), strict=True)
            ]

        return judge_batch

    def _is_close(self, score: ClutterScore, tolerance: float) -> bool:
        return any(abs(line - self.min_line_score) <= tolerance for line in score.judged)

    @property
    def rule(self) -> Rule:
        """Each line's score, against ``min_line_score``."""
        return Rule("min_line_score", self.min_line_score, ("main",))

    def lacks(self, language: str) -> str:
        """What its model lacks."""
        return lacks(language, self.first_model)

    def digest_of(self, name: str) -> str:
        """The digest of a model's weights."""
        return digest(name, weights=self.weights)
