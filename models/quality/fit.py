"""Fit the embedded quality model of a language to texts that are known to be good or bad."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from enum import Enum, auto

import numpy as np
from numpy.typing import NDArray

from models.embedding import load, use
from models.linear.fit import Fit, Matrix, fit_weights, matrix_of, out_of_fold, roc_auc, share_below
from models.quality.features import features_of
from models.text.languages import Language

STRENGTH = 0.1
"""Inverse regularisation: the best of 0.003 to 1 out of fold in English, kept for Chinese."""

VECTOR_SCALE = 5.0
"""Of 0, 1, 3, 5 and 10 the best for written Chinese texts that are not learnt from; over the votes
all but 10 (0.875) are alike, 0.882 to 0.885."""

THRESHOLDS = (0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7)


class Role(Enum):
    """What an example is there for."""

    FOUND = auto()
    """A text of the web or made of one: what the report is about."""
    WRITTEN = auto()
    """A short text of a kind that is rare in what was found."""
    JOINED = auto()
    """A text of either, on a single line: sources of texts lose line ends, and a model that knows
    only texts of many lines takes one line for bad (two thirds of good pages without line ends)."""


SHARES = {Role.FOUND: 0.4, Role.WRITTEN: 0.3, Role.JOINED: 0.3}
"""Of the weight of all examples. Good and bad ones of a role weigh the same."""


@dataclass(frozen=True, slots=True)
class Example:
    """A text, whether it is good, how it came about, and what is held out together with it."""

    text: str
    is_good: bool
    kind: str
    group: str
    role: Role = Role.FOUND


JOINED_OF = 3
"""Every third text is learnt from on a single line too."""


def with_joined(examples: Sequence[Example]) -> list[Example]:
    """The examples, and some of them again on a single line."""
    joined = (
        replace(one, text=" ".join(one.text.split("\n")), role=Role.JOINED)
        for one in examples[::JOINED_OF]
    )
    return [*examples, *joined]


@dataclass(frozen=True, slots=True)
class Cost:
    """What a threshold removes: shares of the good texts and of the bad."""

    threshold: float
    good_removed: float
    bad_removed: float


@dataclass(frozen=True, slots=True)
class Report:
    """How the model scores on groups that it has not seen; each kind of bad text against all good.

    ``auc_written`` is that of the written texts alone, ``auc_joined`` that of texts on one line.
    """

    texts: int
    good: int
    auc: float | None
    auc_written: float | None
    auc_joined: float | None
    auc_by_kind: Mapping[str, float | None]
    costs: tuple[Cost, ...]


def fit(examples: Sequence[Example], language: Language) -> Fit:
    """The weights of the model for a language."""
    learnt = with_joined(examples)
    texts = [example.text for example in learnt]
    names, matrix = matrix_of(features_of(text, language) for text in texts)
    vectors = load(use.NAME).score(texts).astype(float)
    good = np.array([example.is_good for example in learnt])
    roles = np.array([example.role.name for example in learnt])
    labels = ["good" if is_good else "bad" for is_good in good]
    mass, scale = mass_of(good, roles), VECTOR_SCALE
    groups = [example.group for example in learnt]
    scores = out_of_fold(
        matrix, labels, groups, vectors=vectors, mass=mass, strength=STRENGTH, vector_scale=scale
    )[:, 1]
    weights = fit_weights(
        names, matrix, labels, vectors=vectors, mass=mass, strength=STRENGTH, vector_scale=scale
    )
    kinds = np.array([example.kind for example in learnt])
    return Fit(weights, asdict(report(good, kinds, roles, scores)))


def mass_of(good: NDArray[np.bool_], roles: NDArray[np.str_]) -> Matrix:
    """The weight of each example, 1 on average."""
    mass = np.zeros(len(good))
    for role, share in SHARES.items():
        for side in (good, ~good):
            here = side & (roles == role.name)
            if here.any():
                mass[here] = share / here.sum()
    return mass * len(mass) / mass.sum()


def report(
    good: NDArray[np.bool_], kinds: NDArray[np.str_], roles: NDArray[np.str_], scores: Matrix
) -> Report:
    """Of scores that no text's own group had a part in."""
    found = roles == Role.FOUND.name
    bad_kinds = sorted(set(kinds[found & ~good].tolist()))
    by_kind = {kind: found & (good | (kinds == kind)) for kind in bad_kinds}
    written, joined = roles == Role.WRITTEN.name, roles == Role.JOINED.name
    return Report(
        texts=int(found.sum()),
        good=int((found & good).sum()),
        auc=roc_auc(good[found], scores[found]),
        auc_written=roc_auc(good[written], scores[written]),
        auc_joined=roc_auc(good[joined], scores[joined]),
        auc_by_kind={kind: roc_auc(good[here], scores[here]) for kind, here in by_kind.items()},
        costs=tuple(
            Cost(
                threshold,
                share_below(threshold, scores[found & good]),
                share_below(threshold, scores[found & ~good]),
            )
            for threshold in THRESHOLDS
        ),
    )
