"""What can be distilled: how each task's checkpoint is asked, its student taught, what it decides.

Both models read of a document what the stage hands to them.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from conf import locate
from curation.distilling.sampled import SampledText
from curation.errors import UsageError
from models import page_type, quality
from models.base import TitledText
from models.category.trained import choose, groups_of
from models.distillation.agreement import KEPT, REMOVED, Decided
from models.distillation.category_student import teach_category
from models.distillation.linear_students import teach_page_type, teach_quality
from models.distillation.soft import Chances
from models.distillation.taught import Taught
from models.page_type.features import PageContent
from models.taxonomy import Taxonomy, read_taxonomy
from models.transformer import load_classifier
from stages.category import Category
from stages.model_stage import ModelStage
from stages.page_type import PageType
from stages.quality import Quality

Ask = Callable[[Sequence[SampledText]], Chances]
"""Texts in, the checkpoint's probability of each label out."""


@dataclass(frozen=True)
class Distillation:
    """One task: ``open`` loads a checkpoint by its name, ``decide`` is what the stage would.

    ``decide`` is told whether the probabilities are the checkpoint's.
    """

    stage: type[ModelStage]
    open: Callable[[str, ModelStage], Ask]
    teach: Callable[[Sequence[SampledText], Chances, ModelStage], Taught]
    decide: Callable[[Chances, ModelStage, bool], Decided]

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


def _sites(texts: Sequence[SampledText]) -> list[str]:
    return [one.site for one in texts]


def _open_page_type(name: str, stage: ModelStage) -> Ask:
    model = page_type.load(name, long_texts=stage.long_texts)
    return lambda texts: [one.probabilities for one in model.score(_pages(texts))]


def _open_quality(name: str, stage: ModelStage) -> Ask:
    model = quality.load(name, long_texts=stage.long_texts)

    def ask(texts: Sequence[SampledText]) -> Chances:
        items = [TitledText(one.document.title, one.document.text) for one in texts]
        return [{"good": one.quality, "bad": 1 - one.quality} for one in model.score(items)]

    return ask


def _open_category(name: str, stage: ModelStage) -> Ask:
    model = load_classifier(name, stage.long_texts)
    return lambda texts: model.score(_titled(texts))


def _taxonomy(stage: ModelStage) -> Taxonomy:
    return read_taxonomy(locate(stage.taxonomy if isinstance(stage, Category) else ""))


def _teach_category(texts: Sequence[SampledText], chances: Chances, stage: ModelStage) -> Taught:
    return teach_category(_titled(texts), chances, _sites(texts), _taxonomy(stage))


def by_threshold(chances: Chances, stage: ModelStage, _is_checkpoint: bool) -> Decided:
    """Kept where the wanted labels together reach the threshold."""
    wanted = stage.rule.wanted
    scores = np.array([sum(one.get(label, 0.0) for label in wanted) for one in chances])
    decision = np.where(scores >= stage.rule.threshold, KEPT, REMOVED)
    return Decided(scores, decision, np.zeros((len(scores), 0)))


def by_class(chances: Chances, stage: ModelStage, is_checkpoint: bool) -> Decided:
    """The likeliest class of a checkpoint; of the embedded model, within the likeliest group."""
    classes = _taxonomy(stage).classes
    labels = tuple(one.id for one in classes)
    matrix = np.array([[one.get(label, 0.0) for label in labels] for one in chances])
    best = matrix.argmax(axis=1) if is_checkpoint else choose(matrix, groups_of(classes))
    rows = np.arange(len(best))
    return Decided(matrix[rows, best], np.array(labels)[best], matrix, labels)


DISTILLATIONS: Mapping[str, Distillation] = {
    one.name: one
    for one in (
        Distillation(
            PageType,
            _open_page_type,
            lambda texts, chances, _: teach_page_type(_pages(texts), chances, _sites(texts)),
            by_threshold,
        ),
        Distillation(
            Quality,
            _open_quality,
            lambda texts, chances, _: teach_quality(
                [one.document.text for one in texts], chances, _sites(texts)
            ),
            by_threshold,
        ),
        Distillation(Category, _open_category, _teach_category, by_class),
    )
}


def find_distillation(name: str) -> Distillation:
    """The task of that name. Raises UsageError, naming those that there are."""
    if name not in DISTILLATIONS:
        raise UsageError(
            f"{name!r}: cannot be distilled: must be one of {', '.join(DISTILLATIONS)} (the "
            "embedded model of clutter is fitted to lines that are known: docs/training.md)"
        )
    return DISTILLATIONS[name]


def configured(
    task: Distillation, run: Mapping[str, object], threshold: float | None
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
