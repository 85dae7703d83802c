"""The embedded model of categories, taught by probabilities."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np

from models import embedding
from models.category.fit import (
    Learnt,
    fit,
    logits_out_of_fold,
    quantised,
    temperature_of,
)
from models.category.lexicon import LexiconClassifier
from models.category.trained import (
    DIGITS,
    WEIGHTS,
    groups_of,
    probabilities,
    save_weights,
    shares_of,
    vectors_of,
)
from models.distillation.soft import Chance, Chances, spread
from models.distillation.taught import Taught
from models.embedding import use
from models.linear.fit import fold_of
from models.taxonomy import Taxonomy


def teach_category(
    texts: Sequence[str], chances: Chances, sites: Sequence[str], taxonomy: Taxonomy
) -> Taught[Chance]:
    """One layer for all classes; the first line of a text is its title.

    A text without words teaches nothing, and is the fallback's.
    """
    classes = tuple(one.id for one in taxonomy.classes)
    made = spread(chances)
    vectors = vectors_of(texts, embedding.load(use.NAME))
    shares = shares_of(texts, LexiconClassifier(taxonomy))
    learnt = Learnt(
        classes=classes,
        groups=groups_of(taxonomy.classes),
        vectors=vectors[made.documents],
        shares=shares[made.documents],
        answers=np.array([[label == name for name in classes] for label in made.labels]),
        mass=made.mass * vectors[made.documents].any(axis=1),
        folds=np.array([fold_of(sites[number]) for number in made.documents]),
    )
    logits = logits_out_of_fold(learnt)
    temperature = temperature_of(logits, learnt.answers, learnt.mass)
    judged = np.round(probabilities(logits[made.first] / temperature), DIGITS)
    layer = fit(learnt)

    def write(folder: Path, _about: Mapping[str, object]) -> None:
        save_weights(folder / WEIGHTS.name, quantised(layer, classes, temperature))

    known = [bool(row.any()) for row in vectors]
    said: list[Mapping[str, float] | None] = [
        dict(zip(classes, row, strict=True)) if is_known else {taxonomy.fallback: 0.0}
        for row, is_known in zip(judged.tolist(), known, strict=True)
    ]
    return Taught(said, write, {})
