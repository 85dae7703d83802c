"""The embedded model of clutter, taught by what a checkpoint says of every line."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np

from models.clutter import WEIGHTS, ClutterScore, judged_lines, score_of
from models.clutter.fit import Document, fit
from models.distillation.taught import Taught
from models.text.reading import read

LINES = "lines"
"""The one kind of document that there is here."""


def teach_clutter(
    texts: Sequence[str], scores: Sequence[ClutterScore], sites: Sequence[str]
) -> Taught[ClutterScore]:
    """Trees over lines, each learnt as main text and as clutter by its probability."""
    documents = [
        Document(str(number), judged_lines(text), _of_lines(text, score), LINES, site)
        for number, (text, score, site) in enumerate(zip(texts, scores, sites, strict=True))
    ]
    made = fit(documents)

    def write(folder: Path, about: Mapping[str, object]) -> None:
        made.save(folder, WEIGHTS.stem, about)

    said = [
        score_of(read(text), made.scores.get(one.id, np.zeros(0)))
        for text, one in zip(texts, documents, strict=True)
    ]
    return Taught(said, write, {})


def _of_lines(text: str, score: ClutterScore) -> list[float | None]:
    """What is said of the lines that are not blank."""
    lines = zip(text.split("\n"), score.lines, strict=True)
    return [value for line, value in lines if line.strip()]
