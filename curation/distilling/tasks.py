"""What can be distilled: how each task's checkpoint is asked, its student taught, what it decides.

Both models read of a document what the stage hands to them.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Generic

import numpy as np
from numpy.typing import NDArray

from conf import locate
from curation.distilling.sampled import SampledText
from curation.errors import UsageError
from models import clutter, page_type, quality
from models.base import TitledText
from models.category.trained import choose, groups_of
from models.clutter import ClutterScore
from models.distillation.agreement import KEPT, REMOVED, Decided, Pair
from models.distillation.category_student import teach_category
from models.distillation.line_student import teach_clutter
from models.distillation.linear_students import teach_page_type, teach_quality
from models.distillation.soft import Chance, Chances
from models.distillation.taught import Said, Taught
from models.linear.fit import Matrix
from models.page_type.features import PageContent
from models.taxonomy import Taxonomy, read_taxonomy
from models.transformer import LongTexts, load_classifier
from stages.category import Category
from stages.clutter import Clutter
from stages.model_stage import ModelStage, TextModelStage
from stages.page_type import PageType
from stages.quality import Quality

Ask = Callable[[Sequence[SampledText]], Sequence[Said]]
"""Texts in, what the checkpoint says of each out."""


@dataclass(frozen=True)
class Distillation(Generic[Said]):
    """One task: ``open`` loads a checkpoint by its name, ``decide`` is what the stage would.

    ``decide`` gets what the embedded model says of some documents, and what the checkpoint does;
    ``numbers`` are those in what is said of one.
    """

    stage: type[ModelStage]
    open: Callable[[str, ModelStage], Ask[Said]]
    teach: Callable[[Sequence[SampledText], Sequence[Said], ModelStage], Taught[Said]]
    decide: Callable[[Sequence[Said], Sequence[Said], ModelStage], Pair]
    numbers: Callable[[Said], Collection[float]]

    @property
    def name(self) -> str:
        """That of the stage."""
        return self.stage.name


def _pages(texts: Sequence[SampledText]) -> list[PageContent]:
    return [
        PageContent(one.document.text, one.document.url, one.document.title, one.markup)
        for one in texts
    ]


def _titled(texts: Sequence[SampledText]) -> list[str]:
    return [f"{one.document.title}\n{one.document.text}" for one in texts]


def _texts(texts: Sequence[SampledText]) -> list[str]:
    return [one.document.text for one in texts]


def _sites(texts: Sequence[SampledText]) -> list[str]:
    return [one.site for one in texts]


def _long_texts(stage: ModelStage) -> LongTexts:
    return stage.long_texts if isinstance(stage, TextModelStage) else "as_trained"


def _open_page_type(name: str, stage: ModelStage) -> Ask[Chance]:
    model = page_type.load(name, long_texts=_long_texts(stage))
    return lambda texts: [one.probabilities for one in model.score(_pages(texts))]


def _items(texts: Sequence[SampledText]) -> list[TitledText]:
    return [TitledText(one.document.title, one.document.text) for one in texts]


def _open_quality(name: str, stage: ModelStage) -> Ask[Chance]:
    model = quality.load(name, long_texts=_long_texts(stage))

    def ask(texts: Sequence[SampledText]) -> Chances:
        found = model.score(_items(texts))
        return [{"good": one.quality, "bad": 1 - one.quality} for one in found]

    return ask


def _open_category(name: str, stage: ModelStage) -> Ask[Chance]:
    model = load_classifier(name, _long_texts(stage))
    return lambda texts: model.score(_titled(texts))


def _open_clutter(name: str, _stage: ModelStage) -> Ask[ClutterScore]:
    model = clutter.load(name)
    return lambda texts: model.score(_items(texts))


def _taxonomy(stage: ModelStage) -> Taxonomy:
    return read_taxonomy(locate(stage.taxonomy if isinstance(stage, Category) else ""))


def _teach_category(
    texts: Sequence[SampledText], chances: Chances, stage: ModelStage
) -> Taught[Chance]:
    return teach_category(_titled(texts), chances, _sites(texts), _taxonomy(stage))


def by_threshold(small: Chances, large: Chances, stage: ModelStage) -> Pair:
    """Kept where the wanted labels together reach the threshold."""
    first, last = (
        _thresholded([sum(one.get(n, 0.0) for n in stage.rule.wanted) for one in chances], stage)
        for chances in (small, large)
    )
    return Pair(first, last, np.arange(len(small)), first.score)


def _thresholded(scores: Sequence[float], stage: ModelStage) -> Decided:
    found = np.array(scores, float)
    decision = np.where(found >= stage.rule.threshold, KEPT, REMOVED)
    return Decided(found, decision, np.zeros((len(found), 0)))


def by_class(small: Chances, large: Chances, stage: ModelStage) -> Pair:
    """The likeliest class of a checkpoint; of the embedded model, within the likeliest group."""
    classes = _taxonomy(stage).classes
    labels = tuple(one.id for one in classes)
    first, last = (
        np.array([[one.get(label, 0.0) for label in labels] for one in chances])
        for chances in (small, large)
    )
    rows = np.arange(len(small))

    def decided(matrix: Matrix, best: NDArray[np.int64]) -> Decided:
        return Decided(matrix[rows, best], np.array(labels)[best], matrix, labels)

    chosen = decided(first, choose(first, groups_of(classes)))
    return Pair(chosen, decided(last, last.argmax(axis=1)), rows, chosen.score)


def by_line(
    small: Sequence[ClutterScore], large: Sequence[ClutterScore], stage: ModelStage
) -> Pair:
    """Kept are the lines that reach the threshold, of those that both judge."""
    places = [
        (number, one, other)
        for number, (first, last) in enumerate(zip(small, large, strict=True))
        for one, other in zip(first.lines, last.lines, strict=True)
        if one is not None and other is not None
    ]
    return Pair(
        _thresholded([one for _, one, _ in places], stage),
        _thresholded([other for _, _, other in places], stage),
        np.array([number for number, _, _ in places], np.int64),
        np.array([one.nearest(stage.rule.threshold) for one in small]),
    )


def _chances_of(said: Chance) -> Collection[float]:
    return said.values()


DISTILLATIONS: Mapping[str, Distillation[Any]] = {
    one.name: one
    for one in (
        Distillation(
            PageType,
            _open_page_type,
            lambda texts, chances, _: teach_page_type(_pages(texts), chances, _sites(texts)),
            by_threshold,
            _chances_of,
        ),
        Distillation(
            Quality,
            _open_quality,
            lambda texts, chances, _: teach_quality(_texts(texts), chances, _sites(texts)),
            by_threshold,
            _chances_of,
        ),
        Distillation(Category, _open_category, _teach_category, by_class, _chances_of),
        Distillation(
            Clutter,
            _open_clutter,
            lambda texts, scores, _: teach_clutter(_texts(texts), scores, _sites(texts)),
            by_line,
            lambda score: score.judged,
        ),
    )
}


def find_distillation(name: str) -> Distillation[Any]:
    """The task of that name. Raises UsageError, naming those that there are."""
    if name not in DISTILLATIONS:
        raise UsageError(
            f"{name!r}: cannot be distilled: must be one of {', '.join(DISTILLATIONS)}"
        )
    return DISTILLATIONS[name]


def configured(
    task: Distillation[Any], run: Mapping[str, object], threshold: float | None
) -> ModelStage:
    """The stage as the run had it, with another threshold if one is given.

    Of the run's configuration the labels that it keeps and its taxonomy count: they say what the
    two models decide. Raises UsageError for a threshold where there is none.
    """
    given = {name: run[name] for name in ("kept", "taxonomy") if name in run}
    if "kept" in given and isinstance(given["kept"], list):
        given["kept"] = tuple(given["kept"])
    stage = task.stage(**given)  # type: ignore[arg-type]
    if threshold is None:
        return stage
    if not stage.rule.wanted:
        raise UsageError(f"--threshold: {task.name} removes nothing and has none: leave it out")
    return task.stage(**given, **{stage.rule.name: threshold})  # type: ignore[arg-type]
