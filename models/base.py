"""The interface that every model shares, whatever its size."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple, Protocol, TypeVar, runtime_checkable

Item = TypeVar("Item")
Item_contra = TypeVar("Item_contra", contravariant=True)
Score = TypeVar("Score")
Score_co = TypeVar("Score_co", covariant=True)


class Model(Protocol[Item_contra, Score]):
    """Scores batches; loaded once per worker process by the ``load`` of its module.

    ``name`` is what it was loaded by ("embedded", a path or a Hugging Face name). The module's
    ``digest`` of that name is a hash of what its scores depend on; it loads no checkpoint.
    """

    @property
    def name(self) -> str:
        """What it was loaded by."""
        ...

    def score(self, items: Sequence[Item_contra]) -> list[Score]:
        """One score for each item, in order. An empty batch gives an empty list."""
        ...


class DeviceError(RuntimeError):
    """The device failed, not the item: the same work may be done elsewhere.

    A chain of stages does not quarantine a document for it: the task fails, and is tried again.
    """


@runtime_checkable
class ScoresAlone(Protocol[Item_contra, Score_co]):
    """A model whose score of an item hangs, by no more than ``tolerance``, on the items beside it.

    ``score_alone`` hangs on the item alone.
    """

    @property
    def tolerance(self) -> float:
        """The most that a probability differs by."""
        ...

    def score_alone(self, item: Item_contra) -> Score_co:
        """The score of one item, in a batch of its own."""


def clear_scores(
    model: Model[Item, Score], items: Sequence[Item], is_close: Callable[[Score, float], bool]
) -> list[Score]:
    """The scores of a batch, none of them close to a threshold by the hazard of the batch.

    An item whose score ``is_close`` to a threshold (the model's tolerance is the second argument)
    is scored alone, and that score stands: so what is decided hangs on no other item.
    """
    scores = model.score(items)
    if isinstance(model, ScoresAlone):
        for number, score in enumerate(scores):
            if is_close(score, model.tolerance):
                scores[number] = model.score_alone(items[number])
    return scores


class TitledText(NamedTuple):
    """A text and the title of its page, for models that read both."""

    title: str
    text: str


def text_of(item: TitledText | str) -> str:
    """The text alone."""
    return item.text if isinstance(item, TitledText) else item


def title_of(item: TitledText | str) -> str:
    """The title, if it has one."""
    return item.title if isinstance(item, TitledText) else ""


def lines_of(item: TitledText | str) -> list[str]:
    """The title, if there is one, and the lines of the text that are not blank."""
    return [line for line in [title_of(item), *text_of(item).split("\n")] if line.strip()]
