"""The category of a text by the words that it shares with the lexicons of the classes."""

from __future__ import annotations

import math
from collections.abc import Sequence
from functools import cache

import numpy as np

from models.category.result import CategoryScore
from models.category.term_search import Term, TermTable, count_terms, make_table
from models.kernels.arrays import Float64Array, Int64Array
from models.kernels.compile import kernel
from models.taxonomy import ContentClass, Taxonomy
from models.text.words import folded_words

MAX_CHARS = 20_000  # the subject of a text shows in its beginning; bounds the cost of a book
DOUBT = 2.0  # two fifths of the weight of a word that one class alone lists
MIN_SCORE = 0.06  # a long page on one subject reaches 0.1; one that names everything does not


class ClassLexicon:
    """The words and phrases of all classes, each with its weight in the classes that list it.

    A word that ``n`` of the ``N`` classes list weighs ``log(1 + N / n) / n``: it is evidence, and
    it is shared. A phrase of two or more tokens is surer than a word and weighs half as much
    again.
    """

    def __init__(self, classes: Sequence[ContentClass]) -> None:
        listed: dict[Term, list[int]] = {}
        for number, one in enumerate(classes):
            terms = {tuple(folded_words(word)) for words in one.lexicons.values() for word in words}
            for term in terms - {()}:
                listed.setdefault(term, []).append(number)
        words = sorted(term for term in listed if len(term) == 1)
        phrases = sorted(term for term in listed if len(term) > 1)
        numbers = [listed[term] for term in (*words, *phrases)]
        self.class_count = len(classes)
        self._table: TermTable = make_table(words, phrases)
        self._classes = np.array([number for some in numbers for number in some], np.int64)
        """Of the postings of all terms."""
        self._first = np.cumsum([0, *map(len, numbers)])
        """Of each term's postings, (terms + 1,)."""
        single = np.array([math.log(1 + len(classes) / len(some)) / len(some) for some in numbers])
        self._weights = single * np.where(np.arange(len(single)) < len(words), 1.0, 1.5)

    def evidence(self, text: str) -> tuple[Float64Array, int]:
        """The evidence for each class, (classes,), and how many tokens the text has.

        Evidence is the sum of the weights of terms, each by 1 + log of how often it stands.
        """
        counts, tokens = count_terms(text, self._table)
        found = np.zeros(self.class_count)
        _add_up(counts, self._weights, _factors(), self._first, self._classes, found)
        return found, tokens


@cache
def _factors() -> Float64Array:
    """1 + log of how often a term stands; numpy's own logarithm differs between processors."""
    return np.array([0.0, *(1 + math.log(count) for count in range(1, MAX_CHARS + 1))])


@kernel()
def _add_up(
    counts: Int64Array,
    weights: Float64Array,
    factors: Float64Array,
    first: Int64Array,
    classes: Int64Array,
    evidence: Float64Array,
) -> None:
    """Add to the evidence of classes, in the order of terms."""
    for term in range(len(counts)):
        if counts[term]:
            weight = weights[term] * factors[counts[term]]
            for posting in range(first[term], first[term + 1]):
                evidence[classes[posting]] += weight


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

    def shares(self, text: str) -> Float64Array:
        """The share of each class in evidence and doubt, (classes,)."""
        evidence, tokens = self.lexicon.evidence(text[:MAX_CHARS])
        total = math.fsum(evidence.tolist()) + DOUBT * math.sqrt(max(tokens, 1))
        return evidence / total

    def _score(self, text: str) -> CategoryScore:
        shares = self.shares(text)
        best = int(shares.argmax())
        share = float(shares[best])
        sure = share >= MIN_SCORE
        return CategoryScore(
            self.taxonomy.classes[best].id if sure else self.taxonomy.fallback, share
        )
