"""What kind of page a document comes from: embedded linear models, or a transformer."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from models import embedding
from models.base import Model
from models.embedding import Embedder, use
from models.linear import DECIMALS, LinearModel, joint_digest, load_linear
from models.page_type.features import SIGNS, PageContent, has_markup, page_features, page_vectors
from models.text import languages
from models.text.reading import open_tables
from models.transformer.checkpoint import find_checkpoint

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
        features = list(map(page_features, pages))
        signs = self.signs.score(
            [{name: one.get(name, 0.0) for name in self.signs.features} for one in features]
        )
        trained: dict[int, dict[str, float]] = {}
        for model, is_whole in ((self.whole, True), (self.text_alone, False)):
            own = [n for n, page in enumerate(pages) if has_markup(page) is is_whole]
            if own:
                found = model.score([features[n] for n in own], vectors[own])
                trained |= zip(own, found, strict=True)
        return [best_of(merge(trained[n], signs[n])) for n in range(len(pages))]


@dataclass(eq=False)
class TransformerPageType:
    """A Hugging Face classifier whose labels are page types; it reads title and text."""

    name: str
    classifier: Model[str, dict[str, float]]

    def score(self, items: Sequence[PageContent | str]) -> list[PageTypeScore]:
        """The type of each page."""
        pages = [PageContent(item) if isinstance(item, str) else item for item in items]
        texts = [f"{page.title}\n{page.text}".strip() for page in pages]
        return [best_of(probabilities) for probabilities in self.classifier.score(texts)]


def load_embedded() -> EmbeddedPageType:
    """The embedded models."""
    return EmbeddedPageType(
        whole=load_linear(HOME / "page_type.json"),
        text_alone=load_linear(HOME / "page_type_text.json"),
        signs=load_linear(HOME / "page_type_signs.json"),
        embedder=embedding.load(use.NAME),
    )


def load(name: str = EMBEDDED) -> Model[PageContent | str, PageTypeScore]:
    """The embedded models, or a checkpoint by path or Hugging Face name."""
    if name == EMBEDDED:
        open_tables()
        return load_embedded()
    from models.transformer import TransformerClassifier

    return TransformerPageType(name, TransformerClassifier(name))


def digest(name: str = EMBEDDED) -> str:
    """A hash of what the scores of the model of this name depend on."""
    return load_embedded().digest if name == EMBEDDED else find_checkpoint(name).digest


def lacks(language: str, name: str = EMBEDDED) -> str:
    """What the model of this name lacks to judge a language, in words for the user; "" if nothing.

    The embedded one knows a language by its signs; a checkpoint is taken to know every language.
    """
    lack = languages.KNOWN.lacks(language, SIGNS) if name == EMBEDDED else ""
    return lack and f"{lack} or name a checkpoint in stage.page_type.model"


def score(items: Sequence[PageContent | str], name: str = EMBEDDED) -> list[PageTypeScore]:
    """Load a model and score one batch."""
    return load(name).score(items)
