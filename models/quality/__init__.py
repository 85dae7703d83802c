"""How good a text is, from 0 to 1: embedded linear models by language, or a transformer."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from models.base import Model
from models.linear import LinearModel, joint_digest, load_linear
from models.quality.features import chinese_features, english_features
from models.text.shape import is_chinese
from models.transformer.checkpoint import find_checkpoint

EMBEDDED = "embedded"
HOME = Path(__file__).parent
GOOD_LABELS = ("good", "high", "high_quality", "LABEL_1")
"""What a checkpoint may call the label whose probability is the quality, best name first."""


@dataclass(frozen=True, slots=True)
class QualityScore:
    """``quality`` from 0 to 1, and the language whose model gave it ("" where one serves all)."""

    quality: float
    language: str


@dataclass(eq=False)
class EmbeddedQuality:
    """A linear model for Chinese and one for everything else."""

    english: LinearModel
    chinese: LinearModel
    name: str = EMBEDDED

    @property
    def digest(self) -> str:
        """A hash of the weights of both."""
        return joint_digest([self.english, self.chinese])

    def score(self, items: Sequence[str]) -> list[QualityScore]:
        """The quality of each text; 0 for a text without a letter or digit."""
        return [self._one(text) for text in items]

    def _one(self, text: str) -> QualityScore:
        chinese = is_chinese(text)
        language = "zh" if chinese else "en"
        if not any(map(str.isalnum, text)):
            return QualityScore(0.0, language)
        if chinese:
            return QualityScore(self.chinese.score([chinese_features(text)])[0]["good"], language)
        return QualityScore(self.english.score([english_features(text)])[0]["good"], language)


@dataclass(eq=False)
class TransformerQuality:
    """A Hugging Face classifier; the probability of its good label is the quality."""

    name: str
    classifier: Model[str, dict[str, float]]
    label: str

    def score(self, items: Sequence[str]) -> list[QualityScore]:
        """The quality of each text."""
        scores = self.classifier.score(items)
        return [QualityScore(probabilities[self.label], "") for probabilities in scores]


def load_embedded() -> EmbeddedQuality:
    """The embedded models."""
    return EmbeddedQuality(
        load_linear(HOME / "quality_en.json"), load_linear(HOME / "quality_zh.json")
    )


def load(name: str = EMBEDDED) -> Model[str, QualityScore]:
    """The embedded models, or a checkpoint by path or Hugging Face name.

    Raises ``ValueError`` for a checkpoint none of whose labels is in ``GOOD_LABELS``.
    """
    if name == EMBEDDED:
        return load_embedded()
    from models.transformer import TransformerClassifier

    label = find_checkpoint(name).label_among(GOOD_LABELS)
    return TransformerQuality(name, TransformerClassifier(name), label)


def digest(name: str = EMBEDDED) -> str:
    """A hash of what the scores of the model of this name depend on; raises as ``load`` does."""
    if name == EMBEDDED:
        return load_embedded().digest
    checkpoint = find_checkpoint(name)
    checkpoint.label_among(GOOD_LABELS)
    return checkpoint.digest


def score(items: Sequence[str], name: str = EMBEDDED) -> list[QualityScore]:
    """Load a model and score one batch."""
    return load(name).score(items)
