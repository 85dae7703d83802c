"""Train the two rounds of trees from pages whose main text is known."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from models.main_content.characters import measure
from models.main_content.context import compute_context
from models.main_content.features import Matrix, compute_features
from models.main_content.layout import Layout, Vector, lay_out
from models.main_content.reading.blocks import read_page
from models.main_content.reading.page_elements import PageElements
from models.main_content.rounds import Rounds
from models.main_content.truth import shares_inside
from models.trees import Trees, flatten

TREES = 150
LEAVES = 31
LEARNING_RATE = 0.08
TRIED_FEATURES = 0.3
"""The share of the features that each split may ask. Out of fold over English sites 0.892 (F1) with
all four of these, 0.888 with 100 trees, a rate of 0.1, all features and 150 rows a page."""
MAX_ROWS_PER_PAGE = 250  # a page of 5,000 rows must not outvote fifty articles
MIN_SITES = 2
"""The second round learns from guesses about one half of the sites by trees that saw the other."""
SEED = 1


@dataclass(frozen=True)
class Example:
    """The features of a page's blocks and the share of each that is in the true text.

    Pages of one ``site`` are on one side of every split.
    """

    features: Matrix
    layout: Layout
    label: Vector
    site: str
    importance: float


def make_example(
    page: PageElements, title: str, truth: str, site: str, importance: float = 1.0
) -> Example | None:
    """An example from a page, or None if it has no text."""
    blocks, nodes = read_page(page)
    if not blocks:
        return None
    texts = [block.text for block in blocks]
    counts = measure(texts, title)
    layout = lay_out(blocks, nodes, counts)
    features = compute_features(blocks, nodes, counts, layout)
    return Example(features, layout, shares_inside(texts, truth), site, importance)


def train(examples: Sequence[Example]) -> Rounds:
    """Both rounds; the second learns from guesses of models that had not seen the page's site."""
    sites = sorted({example.site for example in examples})
    odd = set(sites[1::2])
    halves = [[one for one in examples if (one.site in odd) == half] for half in (False, True)]
    seconds: list[Example] = []
    for learn, guess in (halves, halves[::-1]):
        model = _fit(learn)
        seconds += [_with_context(example, model) for example in guess]
    return Rounds(_fit(examples), _fit(seconds))


def _with_context(example: Example, model: Trees) -> Example:
    context = compute_context(model.predict(example.features), example.layout)
    return replace(example, features=np.hstack([example.features, context]))


def _fit(examples: Sequence[Example]) -> Trees:
    from sklearn.ensemble import HistGradientBoostingRegressor

    chosen = [_choose_rows(example) for example in examples]
    pairs = list(zip(examples, chosen, strict=True))
    model = HistGradientBoostingRegressor(
        max_iter=TREES,
        max_leaf_nodes=LEAVES,
        min_samples_leaf=40,
        l2_regularization=1.0,
        max_bins=63,
        learning_rate=LEARNING_RATE,
        max_features=TRIED_FEATURES,
        random_state=SEED,
    )
    model.fit(
        np.vstack([example.features[rows] for example, rows in pairs]),
        np.concatenate([example.label[rows] for example, rows in pairs]),
        sample_weight=np.concatenate([_row_weights(example)[rows] for example, rows in pairs]),
    )
    return flatten(model)


def _choose_rows(example: Example) -> npt.NDArray[np.int64]:
    known = np.flatnonzero(~np.isnan(example.label))
    order = np.random.default_rng(SEED).permutation(len(known))[:MAX_ROWS_PER_PAGE]
    return np.sort(known[order])


def _row_weights(example: Example) -> Vector:
    """Long blocks count more, and a page of n blocks as sqrt(n)."""
    root = np.sqrt(np.maximum(example.layout.words, 1.0))
    return root / root.sum() * np.sqrt(len(root)) * example.importance
