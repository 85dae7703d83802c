"""How good a text is, from 0 to 1: embedded linear models by language, or a transformer."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from models import embedding
from models.base import Model, TitledText, text_of
from models.embedded_weights import weights_in
from models.embedding import Embedder, use
from models.linear import LinearModel, joint_digest, load_linear
from models.quality.features import measure, prose_of
from models.text import languages
from models.text.languages import base_code
from models.text.reading import count_signs, open_tables
from models.transformer import LongTexts, TextHead, TransformerClassifier, load_classifier
from models.transformer.checkpoint import find_checkpoint
from models.transformer.heads import TEXT

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
    """A linear model for each of some languages, by its code."""

    models: Mapping[str, LinearModel]
    embedder: Embedder
    name: str = EMBEDDED

    @property
    def digest(self) -> str:
        """A hash of all weights, of the words that the features count and of the embedding."""
        models = list(self.models.values())
        return joint_digest(models, languages.KNOWN.digest, embedding.digest(use.NAME))

    def score(self, items: Sequence[TitledText | str]) -> list[QualityScore]:
        """The quality of each text; 0 for a text without a letter or digit. Titles are not read."""
        if not items:
            return []
        texts = list(map(text_of, items))
        vectors = self.embedder.score(texts)
        codes = [languages.KNOWN.guess(text, self.models).code for text in texts]
        scores = [QualityScore(0.0, code) for code in codes]
        for code in set(codes):
            full = [n for n, own in enumerate(codes) if own == code and _has_word(texts[n])]
            language = languages.KNOWN.records[code]
            readings = [prose_of(texts[n]) for n in full]
            count_signs(readings)
            features = [measure(reading, language) for reading in readings]
            found = self.models[code].score(features, vectors[full]) if full else []
            for n, chances in zip(full, found, strict=True):
                scores[n] = QualityScore(chances["good"], code)
        return scores


def _has_word(text: str) -> bool:
    return any(map(str.isalnum, text))


@dataclass(eq=False)
class TransformerQuality:
    """A Hugging Face classifier; the probability of its good label is the quality.

    One of its own reads texts, a head among several titles too.
    """

    name: str
    classifier: TransformerClassifier | TextHead
    label: str

    @property
    def tolerance(self) -> float:
        """The most by which a quality differs with the texts beside its own."""
        return self.classifier.tolerance

    def score(self, items: Sequence[TitledText | str]) -> list[QualityScore]:
        """The quality of each text."""
        if isinstance(self.classifier, TextHead):
            scores = self.classifier.score(items)
        else:
            scores = self.classifier.score(list(map(text_of, items)))
        return [QualityScore(chances[self.label], "") for chances in scores]

    def score_alone(self, item: TitledText | str) -> QualityScore:
        """The quality of one text, in a batch of its own."""
        if isinstance(self.classifier, TextHead):
            chances = self.classifier.score_alone(item)
        else:
            chances = self.classifier.score_alone(text_of(item))
        return QualityScore(chances[self.label], "")


def load_embedded(weights: str = "") -> EmbeddedQuality:
    """The embedded models, with the weights in a folder of one's own if one is named.

    ``quality_fr.json`` has those for "fr".
    """
    home = weights_in(weights, HOME, weights_of("*"))
    models = {code: load_linear(home / weights_of(code)) for code in _judged(home)}
    return EmbeddedQuality(models, embedding.load(use.NAME))


def weights_of(code: str) -> str:
    """The file of a language's weights."""
    return f"quality_{code}.json"


def _judged(home: Path) -> list[str]:
    return [code for code in languages.KNOWN.codes if (home / weights_of(code)).is_file()]


def lacks(language: str, name: str = EMBEDDED, *, weights: str = "") -> str:
    """What the model of this name lacks to judge a language, in words for the user; "" if nothing.

    A checkpoint is taken to know every language.
    """
    judged = _judged(weights_in(weights, HOME, weights_of("*")))
    if name != EMBEDDED or base_code(language) in judged:
        return ""
    return (
        f"has no weights among the embedded ones ({', '.join(judged)}): fit "
        f"{weights or 'models/quality'}/{weights_of(base_code(language))} or name a checkpoint in "
        "stage.quality.model"
    )


def load(
    name: str = EMBEDDED, *, long_texts: LongTexts = "as_trained", weights: str = ""
) -> Model[TitledText | str, QualityScore]:
    """The embedded models, or a checkpoint by path or Hugging Face name, or a head of one.

    ``weights`` is a folder of those of the embedded models, "" for those that ship. Raises
    ``ValueError`` for a checkpoint none of whose labels is in ``GOOD_LABELS``.
    """
    if name == EMBEDDED:
        open_tables()
        return load_embedded(weights)
    label = find_checkpoint(name).label_among(GOOD_LABELS)
    return TransformerQuality(name, load_classifier(name, long_texts), label)


def digest(name: str = EMBEDDED, *, weights: str = "") -> str:
    """A hash of what the scores of the model of this name depend on; raises as ``load`` does."""
    if name == EMBEDDED:
        return load_embedded(weights).digest
    checkpoint = find_checkpoint(name).that_reads(TEXT)
    checkpoint.label_among(GOOD_LABELS)
    return checkpoint.checked().digest


def score(items: Sequence[str], name: str = EMBEDDED) -> list[QualityScore]:
    """Load a model and score one batch."""
    return load(name).score(items)
