"""What a document is about: one of the 200 classes of a taxonomy.

Two sizes. ``embedded`` compares the words of a text with the lexicons of the classes: no weights,
one pass, every language alike, and any evidence can be read off the text. ``transformer`` (a
path or a Hugging Face name) is a classification head whose labels are class ids.

The paper (dots.llm1, appendix C) trains a 200-class classifier and names neither its classes nor
its data: the classes, their kinds and their lexicons are this project's own.
"""

from __future__ import annotations

import hashlib
import math
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import compress

from conf import locate
from models.base import Model
from models.taxonomy import ContentClass, Taxonomy, read_taxonomy
from models.text.languages import base_code
from models.text.words import folded_words
from models.transformer.checkpoint import Checkpoint, find_checkpoint

MAX_CHARS = 20_000  # the subject of a text shows in its beginning; bounds the cost of a book
DOUBT = 2.0  # two fifths of the weight of a word that one class alone lists
MIN_SCORE = 0.06  # a long page on one subject reaches 0.1; one that names everything does not


@dataclass(frozen=True, slots=True)
class CategoryScore:
    """The class of a text, and in [0, 1) how much of the evidence speaks for it."""

    category: str
    score: float


def load(name: str = "embedded", *, taxonomy: str = "taxonomy.toml") -> Model[str, CategoryScore]:
    """The embedded classifier, or the checkpoint of that path or Hugging Face name.

    Raises FileNotFoundError or ValueError for a taxonomy or checkpoint that is missing or wrong.
    """
    classes = read_taxonomy(locate(taxonomy))
    if name == "embedded":
        return LexiconClassifier(classes)
    from models.transformer import TransformerClassifier

    _refuse_foreign_labels(find_checkpoint(name), classes)
    return TransformerCategory(name, TransformerClassifier(name), classes)


def score(items: Sequence[str], name: str = "embedded") -> list[CategoryScore]:
    """Load a model and score one batch."""
    return load(name).score(items)


def digest(name: str = "embedded", *, taxonomy: str = "taxonomy.toml") -> str:
    """A hash of taxonomy and model; loads no checkpoint, raises as ``load`` does."""
    classes = read_taxonomy(locate(taxonomy))
    found = hashlib.blake2b(repr(classes).encode(), digest_size=16)
    if name != "embedded":
        checkpoint = find_checkpoint(name)
        _refuse_foreign_labels(checkpoint, classes)
        found.update(checkpoint.digest.encode())
    return found.hexdigest()


def lacks(language: str, name: str = "embedded", *, taxonomy: str = "taxonomy.toml") -> str:
    """What the model of this name lacks to judge a language, in words for the user; "" if nothing.

    The embedded one judges by the lexicons of a taxonomy; a checkpoint is taken to know every
    language. Raises as ``load`` does for the taxonomy.
    """
    known = read_taxonomy(locate(taxonomy)).languages
    if name != "embedded" or base_code(language) in known:
        return ""
    return (
        f"has no lexicons in the taxonomy: add name_{language} and lexicon_{language} to every "
        f"class of {taxonomy} or name a checkpoint in stage.category.model"
    )


def _refuse_foreign_labels(checkpoint: Checkpoint, taxonomy: Taxonomy) -> None:
    foreign = [label for label in checkpoint.labels if label not in taxonomy.by_id]
    if foreign or not checkpoint.labels:
        fault = (
            f"label {foreign[0]!r} is no class of the taxonomy" if foreign else "it has no labels"
        )
        raise ValueError(
            f"model {checkpoint.name!r}: {fault}: id2label in its config.json must name class ids"
        )


Posting = tuple[int, float]
"""A class, by its place in the taxonomy, and the weight of a word in it."""


class ClassLexicon:
    """The words and phrases of all classes, each with its weight in the classes that list it.

    A word that ``n`` of the ``N`` classes list weighs ``log(1 + N / n) / n``: it is evidence, and
    it is shared. A phrase of two or more tokens is surer than a word and weighs half as much
    again.
    """

    def __init__(self, classes: Sequence[ContentClass]) -> None:
        listed: dict[tuple[str, ...], list[int]] = {}
        for number, one in enumerate(classes):
            phrases = {
                tuple(folded_words(word)) for words in one.lexicons.values() for word in words
            }
            for phrase in sorted(phrases - {()}):
                listed.setdefault(phrase, []).append(number)
        self.words: dict[str, list[Posting]] = {}
        self.phrases: dict[str, dict[str, list[tuple[tuple[str, ...], list[Posting]]]]] = {}
        """By their first two tokens."""
        for phrase, numbers in listed.items():
            weight = math.log(1 + len(classes) / len(numbers)) / len(numbers)
            postings = [(number, weight * (1 if len(phrase) == 1 else 1.5)) for number in numbers]
            if len(phrase) == 1:
                self.words[phrase[0]] = postings
            else:
                following = self.phrases.setdefault(phrase[0], {})
                following.setdefault(phrase[1], []).append((phrase, postings))

    def evidence(self, tokens: Sequence[str]) -> dict[int, float]:
        """For each class with any, its evidence: weights by 1 + log of how often a word stands."""
        evidence: dict[int, float] = {}
        for postings, count in self._matches(tokens):
            factor = 1 + math.log(count)
            for number, weight in postings:
                evidence[number] = evidence.get(number, 0.0) + weight * factor
        return evidence

    def _matches(self, tokens: Sequence[str]) -> Iterable[tuple[list[Posting], int]]:
        counts = Counter(filter(self.words.__contains__, tokens))
        for token in sorted(counts):
            yield self.words[token], counts[token]
        found: Counter[tuple[str, ...]] = Counter()
        postings_of: dict[tuple[str, ...], list[Posting]] = {}
        for place in compress(range(len(tokens) - 1), map(self.phrases.__contains__, tokens)):
            for phrase, postings in self.phrases[tokens[place]].get(tokens[place + 1], ()):
                if tuple(tokens[place : place + len(phrase)]) == phrase:
                    found[phrase] += 1
                    postings_of[phrase] = postings
        for phrase in sorted(found):
            yield postings_of[phrase], found[phrase]


class LexiconClassifier:
    """The embedded classifier.

    The score of a class is its evidence over that of all classes and a doubt, which grows with
    the square root of the text's tokens: three words of a field say much in a title, nothing in a
    book. Below ``MIN_SCORE`` the class is the fallback's, with the score that the best class had.
    """

    def __init__(self, taxonomy: Taxonomy) -> None:
        self.name = "embedded"
        self.taxonomy = taxonomy
        self.lexicon = ClassLexicon(taxonomy.classes)

    def score(self, items: Sequence[str]) -> list[CategoryScore]:
        """The class of each text. A text without evidence, an empty one too, is the fallback's."""
        return [self._score(text) for text in items]

    def _score(self, text: str) -> CategoryScore:
        tokens = folded_words(text[:MAX_CHARS])
        evidence = self.lexicon.evidence(tokens)
        doubt = DOUBT * math.sqrt(max(len(tokens), 1))
        total = math.fsum(evidence.values()) + doubt
        best = min(evidence, key=lambda number: (-evidence[number], number), default=None)
        if best is None:
            return CategoryScore(self.taxonomy.fallback, 0.0)
        score = evidence[best] / total
        sure = score >= MIN_SCORE
        return CategoryScore(
            self.taxonomy.classes[best].id if sure else self.taxonomy.fallback, score
        )


class TransformerCategory:
    """The transformer form: a classification head whose labels are the ids of the taxonomy."""

    def __init__(
        self, name: str, classifier: Model[str, dict[str, float]], taxonomy: Taxonomy
    ) -> None:
        self.name = name
        self.taxonomy = taxonomy
        self.classifier = classifier

    def score(self, items: Sequence[str]) -> list[CategoryScore]:
        """The likeliest class of each text; a tie goes to the class that stands first."""
        return [self._best(labels) for labels in self.classifier.score(items)]

    def _best(self, labels: Mapping[str, float]) -> CategoryScore:
        order = [one.id for one in self.taxonomy.classes if one.id in labels]
        best = max(order, key=lambda label: labels[label])
        return CategoryScore(best, float(labels[best]))
