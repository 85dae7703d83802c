"""The category of a text by the words that it shares with the lexicons of the classes."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Sequence
from itertools import chain

import numpy as np

from models.category.result import CategoryScore
from models.kernels.arrays import Int64Array
from models.kernels.hashing import numbers_of, slots_for
from models.taxonomy import ContentClass, Taxonomy
from models.text.plain_words import hashes_of
from models.text.words import folded_hashes, folded_words

MAX_CHARS = 20_000  # the subject of a text shows in its beginning; bounds the cost of a book
DOUBT = 2.0  # two fifths of the weight of a word that one class alone lists
MIN_SCORE = 0.06  # a long page on one subject reaches 0.1; one that names everything does not

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
        numbers = {token: number for number, token in enumerate(sorted(set(chain(*listed))))}
        self._hashes = hashes_of(tuple(numbers))
        """Of all tokens in alphabetical order; from here on, a token is its number there."""
        self._slots = slots_for(self._hashes)
        self._begins = np.zeros(len(numbers) + 1, np.bool_)
        """Whether each begins a phrase; the last is what is in no lexicon."""
        self.words: dict[int, list[Posting]] = {}
        self.phrases: dict[tuple[int, int], list[tuple[tuple[int, ...], list[Posting]]]] = {}
        """By their first two tokens."""
        for phrase, owners in listed.items():
            weight = math.log(1 + len(classes) / len(owners)) / len(owners)
            postings = [(owner, weight * (1 if len(phrase) == 1 else 1.5)) for owner in owners]
            tokens = tuple(numbers[token] for token in phrase)
            if len(tokens) == 1:
                self.words[tokens[0]] = postings
            else:
                self.phrases.setdefault((tokens[0], tokens[1]), []).append((tokens, postings))
                self._begins[tokens[0]] = True

    def tokens(self, text: str) -> Int64Array:
        """The tokens of a text, (tokens,): their numbers, -1 for one that no lexicon has."""
        return numbers_of(folded_hashes(text), self._hashes, self._slots)

    def evidence(self, tokens: Int64Array) -> dict[int, float]:
        """For each class with any, its evidence: weights by 1 + log of how often a word stands."""
        evidence: dict[int, float] = {}
        for postings, count in self._matches(tokens):
            factor = 1 + math.log(count)
            for number, weight in postings:
                evidence[number] = evidence.get(number, 0.0) + weight * factor
        return evidence

    def _matches(self, tokens: Int64Array) -> Iterable[tuple[list[Posting], int]]:
        """What each word and phrase says that stands, in alphabetical order, and how often."""
        counts = np.bincount(tokens[tokens >= 0])
        for token in np.flatnonzero(counts).tolist():
            if token in self.words:
                yield self.words[token], int(counts[token])
        found: Counter[tuple[int, ...]] = Counter()
        postings_of: dict[tuple[int, ...], list[Posting]] = {}
        for place in np.flatnonzero(self._begins[tokens[:-1]]).tolist():
            pair = (int(tokens[place]), int(tokens[place + 1]))
            for phrase, postings in self.phrases.get(pair, ()):
                if tuple(tokens[place : place + len(phrase)].tolist()) == phrase:
                    found[phrase] += 1
                    postings_of[phrase] = postings
        for phrase in sorted(found):
            yield postings_of[phrase], found[phrase]


class LexiconClassifier:
    """Lexicons alone: every language of the taxonomy, no weights, and no package.

    The score of a class is its evidence over that of all classes and a doubt, which grows with
    the square root of the text's tokens: three words of a field say much in a title, nothing in a
    book. Below ``MIN_SCORE`` the class is the fallback's, with the score that the best class had.
    """

    def __init__(self, taxonomy: Taxonomy) -> None:
        self.name = "lexicon"
        self.taxonomy = taxonomy
        self.lexicon = ClassLexicon(taxonomy.classes)

    def score(self, items: Sequence[str]) -> list[CategoryScore]:
        """The class of each text. A text without evidence, an empty one too, is the fallback's."""
        return [self._score(text) for text in items]

    def shares(self, text: str) -> dict[int, float]:
        """For each class with any evidence, by its place, its share of evidence and doubt."""
        tokens = self.lexicon.tokens(text[:MAX_CHARS])
        evidence = self.lexicon.evidence(tokens)
        total = math.fsum(evidence.values()) + DOUBT * math.sqrt(max(len(tokens), 1))
        return {number: value / total for number, value in evidence.items()}

    def _score(self, text: str) -> CategoryScore:
        shares = self.shares(text)
        best = min(shares, key=lambda number: (-shares[number], number), default=None)
        if best is None:
            return CategoryScore(self.taxonomy.fallback, 0.0)
        sure = shares[best] >= MIN_SCORE
        return CategoryScore(
            self.taxonomy.classes[best].id if sure else self.taxonomy.fallback, shares[best]
        )
