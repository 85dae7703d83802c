"""What tells fluent, coherent, informative text from the rest: named features by language."""

from __future__ import annotations

import re
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from models.kernels.arrays import Int64Array
from models.text import languages, shape
from models.text.characters import LETTER, NUMERAL, UPPER
from models.text.languages import Language, Sign
from models.text.plain_words import hashes_of, pairs_of
from models.text.reading import Reading
from models.text.scripts import codes_of

MAX_CHARS = 20_000
"""A text is judged on its first 20,000 characters; the rest is not read."""

SAMPLE = 600
"""Measures of variety are taken on the first 600 words (1,200 characters of Chinese): they fall
with length, and so would punish long texts."""

SIGNS = (Sign.CONNECTIVES, Sign.PROMOTE, Sign.NAVIGATE)
# No host name is longer than 253 characters; without a bound, a row of @ takes cubic time.
ADDRESS = re.compile(r"https?://|www\.|\S@\S{1,253}\.\w")


def prose_of(text: str) -> str:
    """The start of a text without code and table rows, or with them if there is nothing else."""
    start = text[:MAX_CHARS]
    lines = [line for line in start.split("\n") if not shape.is_not_prose(line)]
    return "\n".join(lines) if lines else start


def features_of(text: str, language: Language) -> dict[str, float]:
    """The features of a text in a language. Their names depend on how its words are found."""
    measure = _spaced_features if language.has_blanks else _unspaced_features
    return measure(Reading(prose_of(text)), language)


def _spaced_features(reading: Reading, language: Language) -> dict[str, float]:
    """The features of a text whose words stand between blanks, by the word."""
    words, sizes = reading.words, reading.words.sizes
    total = len(sizes)
    kinds = reading.kinds[words.places]
    distinct, terms = np.unique(words.hashes, return_inverse=True)
    is_function = np.isin(distinct, hashes_of(language.function_words.frequent))[terms]
    functions, content = terms[is_function], terms[~is_function]
    is_content = ~is_function & (sizes > 3)  # noqa: PLR2004
    sample = terms[:SAMPLE]
    pairs = terms[:-1] * len(distinct) + terms[1:]
    first, second = (
        int(np.isin(words.hashes, hashes_of(some)).sum()) for some in _pronouns(language)
    )
    return {
        **_common_features(reading, total, terms),
        "function_share": shape.ratio(len(functions), total),
        "function_variety": shape.ratio(len(np.unique(functions)), min(total, SAMPLE)),
        "mean_word_length": shape.ratio(int(sizes.sum()), total),
        "long_words": shape.ratio(int((sizes > 8).sum()), total),  # noqa: PLR2004
        "one_letter_words": shape.ratio(int((sizes == 1).sum()), total),
        "numbers": shape.ratio(int((kinds & NUMERAL != 0).sum()), total),
        "capitals": shape.ratio(int((kinds & UPPER != 0).sum()), total),
        "variety": shape.distinct_ratio(sample.tolist()),
        "pair_variety": shape.distinct_ratio(pairs[:SAMPLE].tolist()),
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
    distinct, pairs = np.unique(keys, return_inverse=True)
    sample = characters[: 2 * SAMPLE]
    frequent = [word for word in language.function_words.frequent if len(word) == 1]
    functions = codes[np.isin(codes, codes_of("".join(frequent)))]
    latin = int(((codes < 0x80) & (reading.kinds & LETTER != 0)).sum())  # noqa: PLR2004 -- ASCII
    first, second = (sum(text.count(w) for w in some) for some in _pronouns(language))
    return {
        **_common_features(reading, size, pairs),
        "function_share": shape.ratio(len(functions), size),
        "function_variety": shape.ratio(len(np.unique(functions)), min(size, SAMPLE)),
        "latin": shape.ratio(latin, latin + size),
        "numbers": shape.ratio(int(reading.lines.decimals.sum()), len(text)),
        "variety": shape.distinct_ratio(sample.tolist()),
        "pair_variety": shape.distinct_ratio(pairs[: 2 * SAMPLE].tolist()),
        "entropy": _evenness(sample),
        "pair_repeats": shape.ratio(int((np.bincount(pairs) > 1).sum()), len(distinct)),
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
    text, lines, sentences = reading.text, reading.lines.filled(), reading.sentences.widths
    total, count = int(lines.width.sum()), len(lines.width)
    signs = languages.KNOWN.search.count([text], SIGNS)
    seen = np.bincount(units)

    def frequency(number: int | np.int64) -> float:
        return shape.ratio(100 * int(number), total)

    return {
        "log_words": shape.log1p(words),
        "log_lines": shape.log1p(count),
        "log_mean_line": shape.log1p(shape.ratio(total, count)),
        "short_lines": shape.ratio(int((lines.width < 40).sum()), count),  # noqa: PLR2004
        "ended_share": shape.ratio(int(lines.width @ lines.ended), total),
        "ended_lines": shape.ratio(int(lines.ended.sum()), count),
        "distinct_lines": shape.distinct_ratio(shape.lines_of(text)),
        "listed_lines": shape.ratio(int(lines.begin_with("-*•·|#").sum()), count),
        "log_mean_sentence": shape.log1p(shape.ratio(int(sentences.sum()), len(sentences))),
        "log_longest_sentence": shape.log1p(int(sentences.max(initial=0))),
        "short_sentences": shape.ratio(int((sentences < 20).sum()), len(sentences)),  # noqa: PLR2004
        "commas": frequency(lines.commas.sum()),
        "symbols": frequency(lines.symbols.sum()),
        "mark_runs": frequency(lines.mark_runs.sum()),
        "exclamations": frequency(text.count("!") + text.count("！")),
        "connectives": frequency(signs[Sign.CONNECTIVES][0]),
        "addresses": frequency(_count_addresses(text)),
        "promotion": frequency(signs[Sign.PROMOTE][0]),
        "navigation": frequency(signs[Sign.NAVIGATE][0]),
        "seen_once": shape.ratio(int((seen == 1).sum()), len(seen)),
    }


def _count_addresses(text: str) -> int:
    return len(ADDRESS.findall(text)) if any(part in text for part in ("://", "www.", "@")) else 0


def _evenness(items: NDArray[np.generic]) -> float:
    """The entropy of the items' frequencies, by the logarithm of their number."""
    return shape.entropy(items.tolist()) / shape.log1p(len(items)) if len(items) else 0.0


def _top_share(items: Int64Array) -> float:
    """The share of the most frequent item."""
    return shape.ratio(int(np.bincount(items).max(initial=0)), len(items))
