"""What kind of page a document comes from: embedded linear models, or a transformer."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from models import embedding
from models.base import Model
from models.embedding import Embedder, Vectors, use
from models.linear import DECIMALS, LinearModel, joint_digest, load_linear
from models.page_type.features import SIGNS, PageContent, has_markup, page_features, page_vectors
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


def merge(trained: Mapping[str, float], signs: Mapping[str, float]) -> dict[str, float]:
    """One distribution from that of the trained types and independent chances of the others.

    >>> merge({"article": 0.75, "forum": 0.25}, {"video": 0.2, "tool": 0.0})
    {'article': 0.6, 'forum': 0.2, 'video': 0.2, 'tool': 0.0}
    """
    none = math.prod(1.0 - chance for chance in signs.values())
    total = sum(signs.values())
    others = {
        name: (1.0 - none) * chance / total if total else 0.0 for name, chance in signs.items()
    }
    merged = {name: none * chance for name, chance in trained.items()} | others
    return {name: round(chance, DECIMALS) for name, chance in merged.items()}


@dataclass(eq=False)
class EmbeddedPageType:
    """Three linear models: pages with markup, text alone, and signs of types without labels."""

    whole: LinearModel
    text_alone: LinearModel
    signs: LinearModel
    embedder: Embedder
    name: str = EMBEDDED

    @property
    def digest(self) -> str:
        """A hash of the weights of all three, of the words that they count and of the embedding."""
        models = [self.whole, self.text_alone, self.signs]
        return joint_digest(models, languages.KNOWN.digest, embedding.digest(use.NAME))

    def score(self, items: Sequence[PageContent | str]) -> list[PageTypeScore]:
        """The type of each page; a string is a page of which only the text is known."""
        pages = [PageContent(item) if isinstance(item, str) else item for item in items]
        if not pages:
            return []
        vectors = page_vectors(pages, self.embedder)
        return [
            best_of(self._probabilities(page, vectors[number : number + 1]))
            for number, page in enumerate(pages)
        ]

    def _probabilities(self, page: PageContent, vector: Vectors) -> dict[str, float]:
        features = page_features(page)
        model = self.whole if has_markup(page) else self.text_alone
        seen = {name: features.get(name, 0.0) for name in self.signs.features}
        return merge(model.score([features], vector)[0], self.signs.score([seen])[0])


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


def load_embedded() -> EmbeddedPageType:
    """The embedded models."""
    return EmbeddedPageType(
        whole=load_linear(HOME / "page_type.json"),
        text_alone=load_linear(HOME / "page_type_text.json"),
        signs=load_linear(HOME / "page_type_signs.json"),
        embedder=embedding.load(use.NAME),
    )


def load(
    name: str = EMBEDDED, *, long_texts: LongTexts = "as_trained"
) -> Model[PageContent | str, PageTypeScore]:
    """The embedded models, or a checkpoint by path or Hugging Face name, or a head of one."""
    if name == EMBEDDED:
        open_tables()
        return load_embedded()
    return TransformerPageType(name, load_classifier(name, long_texts))


def digest(name: str = EMBEDDED, kept: Sequence[str] = ()) -> str:
    """A hash of what the scores of the model of this name depend on.

    Raises ValueError for a checkpoint that knows none of the types that are to be ``kept``.
    """
    if name == EMBEDDED:
        return load_embedded().digest
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
