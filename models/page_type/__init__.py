"""What kind of page a document comes from: embedded linear models, or a transformer."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from models import embedding
from models.base import Model
from models.embedded_weights import weights_in
from models.embedding import Embedder, use
from models.linear import LinearModel, joint_digest, load_linear
from models.page_type.features import (
    SIGNS,
    PageContent,
    feature_columns,
    has_markup,
    page_vectors,
    read_pages,
)
from models.text import languages
from models.text.reading import open_tables
from models.transformer import (
    LongTexts,
    TextHead,
    TransformerClassifier,
    load_classifier,
)
from models.transformer.checkpoint import find_checkpoint
from models.transformer.heads import TEXT

EMBEDDED = "embedded"
HOME = Path(__file__).parent
WHOLE, TEXT_ALONE = "page_type.json", "page_type_text.json"


@dataclass(frozen=True, slots=True)
class PageTypeScore:
    """The likeliest type, its probability, and the probability of every type."""

    type: str
    probability: float
    probabilities: Mapping[str, float]


def best_of(probabilities: Mapping[str, float]) -> PageTypeScore:
    """The score whose type is the likeliest; of equals the first by name."""
    kind = min(probabilities, key=lambda name: (-probabilities[name], name))
    return PageTypeScore(kind, probabilities[kind], probabilities)


@dataclass(eq=False)
class EmbeddedPageType:
    """Two linear models: one for pages whose markup was counted, one for text alone.

    Weights that were learnt where no page had markup have the second alone.
    """

    whole: LinearModel | None
    text_alone: LinearModel
    embedder: Embedder
    name: str = EMBEDDED

    @property
    def digest(self) -> str:
        """A hash of the weights of both, of the words that they count and of the embedding."""
        models = [model for model in (self.whole, self.text_alone) if model]
        return joint_digest(models, languages.KNOWN.digest, embedding.digest(use.NAME))

    def score(self, items: Sequence[PageContent | str]) -> list[PageTypeScore]:
        """The type of each page; a string is a page of which only the text is known."""
        pages = [PageContent(item) if isinstance(item, str) else item for item in items]
        if not pages:
            return []
        if self.whole is None:
            pages = [replace(page, markup=None) for page in pages]
        readings = read_pages(pages)
        vectors = page_vectors(pages, readings, self.embedder)
        marked = np.array([has_markup(page) for page in pages])
        scores: dict[int, PageTypeScore] = {}
        for model, chosen in ((self.whole, marked), (self.text_alone, ~marked)):
            numbers = np.flatnonzero(chosen).tolist()
            if model and numbers:
                columns = feature_columns(
                    [pages[number] for number in numbers],
                    [readings[number] for number in numbers],
                    with_markup=model is self.whole,
                )
                found = model.score_columns(columns, vectors[numbers])
                scores |= dict(zip(numbers, map(best_of, found), strict=True))
        return [scores[number] for number in range(len(pages))]


@dataclass(eq=False)
class TransformerPageType:
    """A Hugging Face classifier whose labels are page types; it reads title and text."""

    name: str
    classifier: TransformerClassifier | TextHead

    @property
    def tolerance(self) -> float:
        """The most by which a probability differs with the pages beside its own."""
        return self.classifier.tolerance

    def score(self, items: Sequence[PageContent | str]) -> list[PageTypeScore]:
        """The type of each page."""
        return list(map(best_of, self.classifier.score(list(map(titled_text, items)))))

    def score_alone(self, item: PageContent | str) -> PageTypeScore:
        """The type of one page, in a batch of its own."""
        return best_of(self.classifier.score_alone(titled_text(item)))


def titled_text(item: PageContent | str) -> str:
    """Title and text of a page, as a checkpoint reads them."""
    return item.strip() if isinstance(item, str) else f"{item.title}\n{item.text}".strip()


def load_embedded(weights: str = "") -> EmbeddedPageType:
    """The embedded models, with the weights in a folder of one's own if one is named."""
    home = weights_in(weights, HOME, TEXT_ALONE)
    return EmbeddedPageType(
        whole=load_linear(home / WHOLE) if (home / WHOLE).is_file() else None,
        text_alone=load_linear(home / TEXT_ALONE),
        embedder=embedding.load(use.NAME),
    )


def load(
    name: str = EMBEDDED, *, long_texts: LongTexts = "as_trained", weights: str = ""
) -> Model[PageContent | str, PageTypeScore]:
    """The embedded models, or a checkpoint by path or Hugging Face name, or a head of one.

    ``weights`` is a folder of those of the embedded models, "" for those that ship.
    """
    if name == EMBEDDED:
        open_tables()
        return load_embedded(weights)
    return TransformerPageType(name, load_classifier(name, long_texts))


def digest(name: str = EMBEDDED, kept: Sequence[str] = (), *, weights: str = "") -> str:
    """A hash of what the scores of the model of this name depend on.

    Raises ValueError for a checkpoint that knows none of the types that are to be ``kept``.
    """
    if name == EMBEDDED:
        return load_embedded(weights).digest
    checkpoint = find_checkpoint(name).that_reads(TEXT)
    if kept:
        checkpoint.label_among(kept)
    return checkpoint.checked().digest


def lacks(language: str, name: str = EMBEDDED) -> str:
    """What the model of this name lacks to judge a language, in words for the user; "" if nothing.

    The embedded one knows a language by its signs; a checkpoint is taken to know every language.
    """
    lack = languages.KNOWN.lacks(language, SIGNS) if name == EMBEDDED else ""
    return lack and f"{lack} or name a checkpoint in stage.page_type.model"


def score(items: Sequence[PageContent | str], name: str = EMBEDDED) -> list[PageTypeScore]:
    """Load a model and score one batch."""
    return load(name).score(items)
