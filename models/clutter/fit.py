"""Fit the embedded clutter model to documents whose lines are known to be main text or not."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from models.clutter.context import word_columns
from models.clutter.features import Batch, line_columns
from models.clutter.weights import DECIMALS, Weights
from models.clutter.words import BUCKETS, terms_of
from models.kernels.arrays import Float64Array, Int64Array
from models.linear.fit import Matrix, fold_of, roc_auc, share_below
from models.text.shape import is_not_prose
from models.trees import flatten

if TYPE_CHECKING:
    from scipy.sparse import csr_matrix

STRENGTH, SCALE = 1.0, 20.0
"""Of the logistic regression over words, and what its weights are multiplied by to be whole."""
TREES, LEAVES, LEARNING_RATE, MIN_LEAF, TRIED_FEATURES, SEED = 150, 6, 0.08, 300, 0.4, 1
PAGE_LINES = 50
"""A document counts for at most so many lines."""

THRESHOLDS = (0.02, 0.05, 0.1, 0.15, 0.2, 0.25, 0.3, 0.4, 0.5)


@dataclass(frozen=True, slots=True)
class Document:
    """Its lines, whether each is main text (None: it cannot be said), and how it came about.

    What is not sure is said by its probability: such a line is learnt from both ways, by so much.
    ``site`` is held out together. ``mass`` is what one of its lines weighs while they are no more
    than ``PAGE_LINES``; of a ``kind`` that abounds only a ``share`` of the lines is learnt from.
    """

    id: str
    lines: Sequence[str]
    labels: Sequence[float | None]
    kind: str
    site: str
    mass: float = 1.0
    share: float = 1.0


@dataclass(frozen=True, slots=True)
class Cost:
    """What a threshold cuts: shares of the main lines and of the clutter, by line and by width.

    ``cut`` counts the lines under it, ``cut_of_main`` those of them that are main text.
    """

    threshold: float
    cut: int
    cut_of_main: int
    main_lines: float
    main_text: float
    clutter_lines: float
    clutter_text: float


@dataclass(frozen=True, slots=True)
class Report:
    """How the model scores lines of one kind of document, of sites that it has not seen.

    In ``auc_by_page`` and the costs lines weigh as in training, in ``auc`` all the same;
    ``auc_of_width`` is what the width of a line alone reaches.
    """

    lines: int
    clutter: int
    auc: float | None
    auc_by_page: float | None
    auc_of_width: float | None
    costs: tuple[Cost, ...]


@dataclass(frozen=True)
class ClutterFit:
    """The weights, and by kind of document how lines score out of fold.

    ``scores`` has the scores of each document's lines, out of fold, by its id.
    """

    weights: Weights
    about: Mapping[str, object]
    scores: Mapping[str, Matrix]

    def save(self, folder: Path, name: str, about: Mapping[str, object]) -> None:
        """Write the weights, and beside them what they are about."""
        self.weights.save(folder / f"{name}.npz", about)


@dataclass(frozen=True, eq=False)
class _Lines:
    """All lines of all documents as columns, (lines,); ``learnt`` marks those to learn from."""

    rows: dict[str, Float64Array]
    terms: csr_matrix
    chance: Matrix
    learnt: NDArray[np.bool_]
    kind: NDArray[np.str_]
    fold: Int64Array
    mass: Matrix
    width: Int64Array
    batch: Batch


def fit(documents: Sequence[Document]) -> ClutterFit:
    """The weights, and by kind of document how lines score out of fold.

    The trees learn from what words say of lines whose sites those words were not learnt from. For
    the figures both are learnt anew without a fold, words of the others again out of fold: no
    score in them comes of anything learnt from its site. Raises ValueError without both labels.
    """
    full = [document for document in documents if document.lines]
    lines = _lines_of(full)
    folds = [int(fold) for fold in np.unique(lines.fold)]
    scores = np.zeros(len(lines.chance))
    for fold in folds:
        held = lines.fold == fold
        _, chances = _learn(lines, lines.learnt & ~held)
        scores[held] = chances[held]
    weights, _ = _learn(lines, lines.learnt)
    about = {kind: asdict(own) for kind, own in report(lines, scores).items()}
    ends = np.cumsum([len(document.lines) for document in full])[:-1]
    parts = zip(full, np.split(np.round(scores, DECIMALS), ends), strict=True)
    return ClutterFit(weights, about, {document.id: own for document, own in parts})


def _learn(lines: _Lines, chosen: NDArray[np.bool_]) -> tuple[Weights, Matrix]:
    """Weights learnt from some lines, and what they say of all lines."""
    from sklearn.ensemble import HistGradientBoostingClassifier

    words = _learn_words(lines, chosen)
    said = lines.terms @ words.astype(np.float32)
    inside = said.copy()
    for fold in np.unique(lines.fold[chosen]):
        held = lines.fold == fold
        if (chosen & ~held).any():
            others = _learn_words(lines, chosen & ~held)
            inside[held] = lines.terms[held] @ others.astype(np.float32)
    model = HistGradientBoostingClassifier(
        max_iter=TREES,
        max_leaf_nodes=LEAVES,
        learning_rate=LEARNING_RATE,
        min_samples_leaf=min(MIN_LEAF, max(1, int(chosen.sum()) // 20)),
        l2_regularization=1.0,
        max_bins=63,
        max_features=TRIED_FEATURES,
        early_stopping=False,
        random_state=SEED,
    )
    line, is_main, mass = _both_ways(lines, chosen)
    model.fit(_with_words(lines, inside)[line], is_main, sample_weight=mass)
    names = (*lines.rows, *word_columns(lines.batch, said))
    weights = Weights(words, flatten(model), names)
    return weights, 1 / (1 + np.exp(-weights.trees.total(_with_words(lines, said))))


def _with_words(lines: _Lines, said: Matrix) -> NDArray[np.float32]:
    columns = [*lines.rows.values(), *word_columns(lines.batch, said).values()]
    return np.stack(columns, 1).astype(np.float32)


def _learn_words(lines: _Lines, chosen: NDArray[np.bool_]) -> NDArray[np.int8]:
    """The weight of each bucket, a logistic regression's, as whole numbers up to 127."""
    from sklearn.linear_model import LogisticRegression

    line, is_main, mass = _both_ways(lines, chosen)
    if len(np.unique(is_main)) < 2:  # noqa: PLR2004
        raise ValueError(f"{chosen.sum()} lines outside a fold have one label or none: add others")
    model = LogisticRegression(C=STRENGTH, max_iter=200, tol=1e-3)
    model.fit(lines.terms[line], is_main, sample_weight=mass)
    return np.clip(np.round(model.coef_[0] * SCALE), -127, 127).astype(np.int8)


def _both_ways(
    lines: _Lines, chosen: NDArray[np.bool_]
) -> tuple[Int64Array, NDArray[np.bool_], Matrix]:
    """Of some lines, in their order: the number, whether it is main text, what that weighs.

    A line of which that is not sure stands twice.
    """
    chance = lines.chance
    ways = [np.flatnonzero(chosen & (chance > 0)), np.flatnonzero(chosen & (chance < 1))]
    line = np.concatenate(ways)
    is_main = np.repeat([True, False], [len(way) for way in ways])
    order = np.argsort(line, kind="stable")
    line, is_main = line[order], is_main[order]
    part = np.where(is_main, chance[line], 1 - chance[line])
    return line, is_main, lines.mass[line] * part


def _lines_of(documents: Sequence[Document]) -> _Lines:
    from scipy.sparse import csr_matrix

    batch = Batch.of([document.lines for document in documents])
    size = len(batch.texts)
    line, bucket = terms_of(batch.reading)
    each = (1 / np.sqrt(np.bincount(line, minlength=size)[line])).astype(np.float32)
    labels = [label for document in documents for label in document.labels]
    drawn = [
        label is not None
        and chance(document.id, str(number)) < document.share
        and not is_not_prose(document.lines[number])
        for document in documents
        for number, label in enumerate(document.labels)
    ]
    own = batch.document
    mass = [one.mass * min(1.0, PAGE_LINES / len(one.lines)) for one in documents]
    return _Lines(
        rows=line_columns(batch),
        terms=csr_matrix((each, (line, bucket)), shape=(size, BUCKETS)),
        chance=np.array([float(label or 0) for label in labels]),
        learnt=np.array(drawn),
        kind=np.array([one.kind for one in documents])[own],
        fold=np.array([fold_of(one.site) for one in documents])[own],
        mass=np.array(mass)[own],
        width=batch.reading.lines.width,
        batch=batch,
    )


def chance(*key: str) -> float:
    """A number in [0, 1) that depends on the key alone."""
    digest = hashlib.sha256(" ".join(key).encode()).digest()
    return int.from_bytes(digest[:4], "big") / 2**32


def report(lines: _Lines, scores: Matrix) -> dict[str, Report]:
    """By kind of document."""
    main = lines.chance >= 0.5  # noqa: PLR2004 - the likelier of two
    return {
        str(kind): _report(main[here], scores[here], lines.mass[here], lines.width[here])
        for kind in np.unique(lines.kind[lines.learnt])
        for here in [lines.learnt & (lines.kind == kind)]
    }


def _report(main: NDArray[np.bool_], scores: Matrix, mass: Matrix, widths: Int64Array) -> Report:
    text = mass * widths
    parts = [(here, weight) for here in (main, ~main) for weight in (mass, text)]
    return Report(
        lines=len(main),
        clutter=int((~main).sum()),
        auc=roc_auc(main, scores),
        auc_by_page=roc_auc(main, scores, mass) if mass.any() else None,
        auc_of_width=roc_auc(main, widths.astype(float)),
        costs=tuple(
            Cost(
                threshold,
                int((scores < threshold).sum()),
                int((scores[main] < threshold).sum()),
                *(share_below(threshold, scores[h], w[h]) if w[h].any() else 0.0 for h, w in parts),
            )
            for threshold in THRESHOLDS
        ),
    )
