"""What tells fluent, coherent, informative text from the rest: named features by language."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import compress

import numpy as np
from numpy.typing import NDArray

from models.kernels.arrays import Int64Array
from models.text import shape
from models.text.characters import LETTER, NUMERAL, UPPER, table_of
from models.text.languages import Language, Sign
from models.text.plain_words import hashes_of, pairs_of
from models.text.reading import Reading, read
from models.text.terms import are_among, count_distinct, number_terms

MAX_CHARS = 20_000
"""A text is judged on its first 20,000 characters; the rest is not read."""

SAMPLE = 600
"""Measures of variety are taken on the first 600 words (1,200 characters of Chinese): they fall
with length, and so would punish long texts."""

# No host name is longer than 253 characters; without a bound, a row of @ takes cubic time.
ADDRESS = re.compile(r"https?://|www\.|\S@\S{1,253}\.\w")


def prose_of(text: str) -> Reading:
    """The start of a text without code and table rows, or with them if there is nothing else."""
    start = read(text[:MAX_CHARS])
    if start.is_prose.all() or not start.is_prose.any():
        return start
    return read("\n".join(compress(start.text.split("\n"), start.is_prose.tolist())))


def features_of(text: str, language: Language) -> dict[str, float]:
    """The features of a text in a language. Their names depend on how its words are found."""
    return measure(prose_of(text), language)


def measure(prose: Reading, language: Language) -> dict[str, float]:
    """The features of a text whose prose was read."""
    if language.has_blanks:
        return _spaced_features(prose, language)
    return _unspaced_features(prose, language)


def _spaced_features(reading: Reading, language: Language) -> dict[str, float]:
    """The features of a text whose words stand between blanks, by the word."""
    words, sizes = reading.words, reading.words.sizes
    total = len(sizes)
    kinds = reading.kinds[words.places]
    terms = number_terms(words.hashes)
    is_function = are_among(words.hashes, hashes_of(language.function_words.frequent))
    functions, content = terms[is_function], terms[~is_function]
    is_content = ~is_function & (sizes > 3)  # noqa: PLR2004
    sample = terms[:SAMPLE]
    pairs = (terms[:-1] * total + terms[1:])[:SAMPLE]
    first, second = (
        _count(are_among(words.hashes, hashes_of(some))) for some in _pronouns(language)
    )
    return {
        **_common_features(reading, total, terms),
        "function_share": shape.ratio(len(functions), total),
        "function_variety": shape.ratio(count_distinct(functions), min(total, SAMPLE)),
        "mean_word_length": shape.ratio(int(sizes.sum()), total),
        "long_words": shape.ratio(_count(sizes > 8), total),  # noqa: PLR2004
        "one_letter_words": shape.ratio(_count(sizes == 1), total),
        "numbers": shape.ratio(_count(kinds & NUMERAL), total),
        "capitals": shape.ratio(_count(kinds & UPPER), total),
        "variety": _variety(sample),
        "pair_variety": _variety(pairs),
        "entropy": _evenness(sample),
        "top_content_word": _top_share(content[:SAMPLE]),
        "first_person": shape.ratio(100 * first, total),
        "second_person": shape.ratio(100 * second, total),
        "content_overlap": reading.sentences.overlap(words.places[is_content], terms[is_content]),
    }


def _unspaced_features(reading: Reading, language: Language) -> dict[str, float]:
    """The features of a text without blanks between words, by the character of its script."""
    text, codes, script = reading.text, reading.codes, language.letters
    in_script = script.table[codes]
    characters = codes[in_script]
    size = len(characters)
    places, keys = pairs_of(codes, in_script)
    pairs = number_terms(keys)
    seen = np.bincount(pairs)
    sample = number_terms(characters[: 2 * SAMPLE].astype(np.uint64))
    frequent = "".join(word for word in language.function_words.frequent if len(word) == 1)
    functions = codes[table_of(frequent)[codes]]
    latin = _count((codes < 0x80) & (reading.kinds & LETTER != 0))  # noqa: PLR2004 -- ASCII
    first, second = (sum(text.count(w) for w in some) for some in _pronouns(language))
    return {
        **_common_features(reading, size, pairs),
        "function_share": shape.ratio(len(functions), size),
        "function_variety": shape.ratio(count_distinct(functions), min(size, SAMPLE)),
        "latin": shape.ratio(latin, latin + size),
        "numbers": shape.ratio(int(reading.lines.decimals.sum()), len(text)),
        "variety": _variety(sample),
        "pair_variety": _variety(pairs[: 2 * SAMPLE]),
        "entropy": _evenness(sample),
        "pair_repeats": shape.ratio(_count(seen > 1), len(seen)),
        "top_pair": _top_share(pairs[: 2 * SAMPLE]),
        "first_person": shape.ratio(100 * first, size),
        "second_person": shape.ratio(100 * second, size),
        "spaced_han": shape.ratio(script.count_spaced(text), size),
        "content_overlap": reading.sentences.overlap(places, pairs),
    }


def _pronouns(language: Language) -> tuple[Sequence[str], Sequence[str]]:
    return language.pronouns.first, language.pronouns.second


def _common_features(reading: Reading, words: int, units: Int64Array) -> dict[str, float]:
    """Features that mean the same in every language; ``words`` is the length in units."""
    text, lines, sentences = reading.text, reading.filled_lines, reading.sentences.widths
    total, count = int(lines.width.sum()), len(lines.width)
    signs = reading.sign_counts
    seen = np.bincount(units)

    def frequency(number: int | np.int64) -> float:
        return shape.ratio(100 * int(number), total)

    return {
        "log_words": shape.log1p(words),
        "log_lines": shape.log1p(count),
        "log_mean_line": shape.log1p(shape.ratio(total, count)),
        "short_lines": shape.ratio(_count(lines.width < 40), count),  # noqa: PLR2004
        "ended_share": shape.ratio(int(lines.width @ lines.ended), total),
        "ended_lines": shape.ratio(int(lines.ended.sum()), count),
        "distinct_lines": shape.distinct_ratio(reading.bare_lines),
        "listed_lines": shape.ratio(_count(lines.begin_with("-*•·|#")), count),
        "log_mean_sentence": shape.log1p(shape.ratio(int(sentences.sum()), len(sentences))),
        "log_longest_sentence": shape.log1p(int(sentences.max(initial=0))),
        "short_sentences": shape.ratio(
            _count(sentences < 20),  # noqa: PLR2004
            len(sentences),
        ),
        "commas": frequency(lines.commas.sum()),
        "symbols": frequency(lines.symbols.sum()),
        "mark_runs": frequency(lines.mark_runs.sum()),
        "exclamations": frequency(text.count("!") + text.count("！")),
        "connectives": frequency(signs[Sign.CONNECTIVES]),
        "addresses": frequency(_count_addresses(text)),
        "promotion": frequency(signs[Sign.PROMOTE]),
        "navigation": frequency(signs[Sign.NAVIGATE]),
        "seen_once": shape.ratio(_count(seen == 1), len(seen)),
    }


def _count(which: NDArray[np.generic]) -> int:
    return int(np.count_nonzero(which))


def _count_addresses(text: str) -> int:
    return len(ADDRESS.findall(text)) if any(part in text for part in ("://", "www.", "@")) else 0


def _variety(terms: Int64Array) -> float:
    """How many different terms there are for each; 1 of none."""
    return count_distinct(terms) / len(terms) if len(terms) else 1.0


def _evenness(terms: Int64Array) -> float:
    """The entropy of the terms' frequencies, by the logarithm of their number."""
    return shape.entropy(np.bincount(terms)) / shape.log1p(len(terms)) if len(terms) else 0.0


def _top_share(items: Int64Array) -> float:
    """The share of the most frequent item."""
    return shape.ratio(int(np.bincount(items).max(initial=0)), len(items))
