"""From texts and what a checkpoint says of them to weights, figures and a calibration."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from curation.distilling.account import ALL
from curation.distilling.sampled import SampledText
from curation.distilling.tasks import Distillation
from models.cascade import Calibration, bins_of
from models.distillation.agreement import Agreement, Decided, Pair, Sent, agreement, curve
from models.distillation.taught import Said, Taught
from models.linear.fit import fold_of
from stages.model_stage import ModelStage


@dataclass(frozen=True)
class Distilled:
    """Weights that were taught, how they agree with their teacher, and what cascades cost."""

    taught: Taught[Any]
    documents: int
    agreement: Mapping[str, Agreement]
    cascades: tuple[Sent, ...]
    calibration: Calibration


def distil(
    task: Distillation[Said],
    stage: ModelStage,
    texts: tuple[SampledText, ...],
    chances: Sequence[Said],
    checkpoint: str,
) -> Distilled:
    """Teach the embedded model, and hold it against the checkpoint (a digest) out of fold.

    Raises ValueError for too few texts, and for a checkpoint that says the same of all.
    """
    taught = task.teach(texts, chances, stage)
    here = [number for number, said in enumerate(taught.chances) if said is not None]
    said = [one for one in taught.chances if one is not None]
    pair = task.decide(said, [chances[number] for number in here], stage)
    weights = np.array([texts[number].weight for number in here])
    folds = [fold_of(texts[number].site) for number in here]
    languages = np.array([texts[number].document.language for number in here])
    threshold = stage.rule.threshold
    return Distilled(
        taught,
        len(here),
        _by_language(pair, weights, languages),
        curve(pair.score, pair.differing, weights, folds, threshold),
        Calibration(
            *(task.name, checkpoint, threshold, stage.rule.wanted),
            tuple(bins_of(pair.score.tolist(), weights.tolist(), pair.differing.tolist())),
        ),
    )


def _by_language(
    pair: Pair, weights: NDArray[np.float64], languages: NDArray[np.str_]
) -> Mapping[str, Agreement]:
    own = pair.weights_of_places(weights)
    found = {ALL: agreement(pair.small, pair.large, own, len(languages))}
    names = sorted(set(languages.tolist()))
    for name in names if len(names) > 1 else []:
        here = languages[pair.document] == name
        small, large = (_some(one, here) for one in (pair.small, pair.large))
        if here.any():
            found[name] = agreement(small, large, own[here], int((languages == name).sum()))
    return found


def _some(decided: Decided, rows: NDArray[np.bool_]) -> Decided:
    return Decided(
        decided.score[rows], decided.decision[rows], decided.by_label[rows], decided.labels
    )
