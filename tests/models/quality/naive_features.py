"""The features of a text, said again one word at a time, as they were first written."""

import math
import re
from collections import Counter
from collections.abc import Collection, Sequence
from itertools import pairwise

from models.quality import features
from models.text import shape
from models.text.languages import KNOWN, Language, Sign
from models.text.scripts import Script
from tests.models.text import naive

WORDY_MARK = re.compile(r"[,，、;；:：]")
MARKS_RUN = re.compile(r"[!！?？.。,，~～]{2,}")


def features_of(text: str, language: Language) -> dict[str, float]:
    """The features of a text in a language. Their names depend on how its words are found."""
    measure = _spaced_features if language.has_blanks else _unspaced_features
    return measure(prose_of(text), language)


def prose_of(text: str) -> str:
    start = text[: features.MAX_CHARS]
    lines = [line for line in start.split("\n") if not shape.is_not_prose(line)]
    return "\n".join(lines) if lines else start


def entropy(items: Sequence[str]) -> float:
    counts, total = sorted(Counter(items).values()), len(items)
    return -sum(n / total * math.log2(n / total) for n in counts)


def _spaced_features(text: str, language: Language) -> dict[str, float]:
    """The features of a text whose words stand between blanks, by the word."""
    function_words = language.function_words.frequent
    words = [naive.lower(word) for word in naive.WORD.findall(text)]
    sample = words[: features.SAMPLE]
    numbers = sum(word[0].isdigit() for word in words)
    functions = [word for word in words if word in function_words]
    capitals = sum(word[0].isupper() for word in naive.WORD.findall(text))
    content = [word for word in words if word not in function_words]
    sentences = [_content_words(s, function_words) for s in naive.sentences_of(text)]
    first, second = (sum(words.count(w) for w in some) for some in _pronouns(language))
    return {
        **_common_features(text, len(words), words),
        "function_share": shape.ratio(len(functions), len(words)),
        "function_variety": shape.ratio(len(set(functions)), min(len(words), features.SAMPLE)),
        "mean_word_length": shape.ratio(sum(map(len, words)), len(words)),
        "long_words": shape.ratio(sum(len(word) > 8 for word in words), len(words)),
        "one_letter_words": shape.ratio(sum(len(word) == 1 for word in words), len(words)),
        "numbers": shape.ratio(numbers, len(words)),
        "capitals": shape.ratio(capitals, len(words)),
        "variety": shape.distinct_ratio(sample),
        "pair_variety": shape.distinct_ratio(list(pairwise(words))[: features.SAMPLE]),
        "entropy": entropy(sample) / shape.log1p(len(sample)) if sample else 0.0,
        "top_content_word": _top_share(content[: features.SAMPLE]),
        "first_person": shape.ratio(100 * first, len(words)),
        "second_person": shape.ratio(100 * second, len(words)),
        "content_overlap": _overlap(sentences),
    }


def _unspaced_features(text: str, language: Language) -> dict[str, float]:
    """The features of a text without blanks between words, by the character of its script."""
    script = language.letters
    runs = script.runs(text)
    characters = "".join(runs)
    sample = characters[: 2 * features.SAMPLE]
    pairs = [a + b for run in runs for a, b in pairwise(run)]
    function_words = language.function_words.frequent
    functions = [one for one in text if one in function_words]
    latin = sum(one.isascii() and one.isalpha() for one in text)
    first, second = (sum(text.count(w) for w in some) for some in _pronouns(language))
    size = len(characters)
    return {
        **_common_features(text, size, pairs),
        "function_share": shape.ratio(len(functions), size),
        "function_variety": shape.ratio(len(set(functions)), min(size, features.SAMPLE)),
        "latin": shape.ratio(latin, latin + size),
        "numbers": shape.ratio(len(re.findall(r"\d", text)), len(text)),
        "variety": shape.distinct_ratio(sample),
        "pair_variety": shape.distinct_ratio(pairs[: 2 * features.SAMPLE]),
        "entropy": entropy(sample) / shape.log1p(len(sample)) if sample else 0.0,
        "pair_repeats": shape.ratio(sum(n > 1 for n in Counter(pairs).values()), len(set(pairs))),
        "top_pair": _top_share(pairs[: 2 * features.SAMPLE]),
        "first_person": shape.ratio(100 * first, size),
        "second_person": shape.ratio(100 * second, size),
        "spaced_han": shape.ratio(script.count_spaced(text), size),
        "content_overlap": _overlap([_pairs_of(s, script) for s in naive.sentences_of(text)]),
    }


def _pronouns(language: Language) -> tuple[Sequence[str], Sequence[str]]:
    return language.pronouns.first, language.pronouns.second


def _common_features(text: str, words: int, units: Sequence[str]) -> dict[str, float]:
    """Features that mean the same in every language; ``words`` is the length in units."""
    lines, sentences = naive.lines_of(text), naive.sentences_of(text)
    widths = [naive.width(line) for line in lines]
    total = sum(widths)
    lengths = [naive.width(sentence) for sentence in sentences]
    ended = sum(w for w, line in zip(widths, lines, strict=True) if naive.ends_sentence(line))
    seen, count = Counter(units), _count
    return {
        "log_words": shape.log1p(words),
        "log_lines": shape.log1p(len(lines)),
        "log_mean_line": shape.log1p(shape.ratio(total, len(lines))),
        "short_lines": shape.ratio(sum(w < 40 for w in widths), len(lines)),
        "ended_share": shape.ratio(ended, total),
        "ended_lines": shape.ratio(sum(map(naive.ends_sentence, lines)), len(lines)),
        "distinct_lines": shape.distinct_ratio(lines),
        "listed_lines": shape.ratio(sum(line[0] in "-*•·|#" for line in lines), len(lines)),
        "log_mean_sentence": shape.log1p(shape.ratio(sum(lengths), len(lengths))),
        "log_longest_sentence": shape.log1p(max(lengths, default=0)),
        "short_sentences": shape.ratio(sum(n < 20 for n in lengths), len(lengths)),
        "commas": shape.ratio(100 * len(WORDY_MARK.findall(text)), total),
        "symbols": shape.ratio(100 * len(naive.SYMBOL.findall(text)), total),
        "mark_runs": shape.ratio(100 * len(MARKS_RUN.findall(text)), total),
        "exclamations": shape.ratio(100 * len(re.findall("[!！]", text)), total),
        "connectives": shape.ratio(100 * count(Sign.CONNECTIVES, text), total),
        "addresses": shape.ratio(100 * len(features.ADDRESS.findall(text)), total),
        "promotion": shape.ratio(100 * count(Sign.PROMOTE, text), total),
        "navigation": shape.ratio(100 * count(Sign.NAVIGATE, text), total),
        "seen_once": shape.ratio(sum(n == 1 for n in seen.values()), len(seen)),
    }


def _count(sign: Sign, text: str) -> int:
    return len(KNOWN.search.lists[sign].pattern.findall(text))


def _top_share(items: Sequence[str]) -> float:
    """The share of the most frequent item."""
    return max(Counter(items).values(), default=0) / len(items) if items else 0.0


def _content_words(sentence: str, function_words: Collection[str]) -> set[str]:
    words = (naive.lower(word) for word in naive.WORD.findall(sentence))
    return {word for word in words if word not in function_words and len(word) > 3}


def _pairs_of(sentence: str, script: Script) -> set[str]:
    return {a + b for run in script.runs(sentence) for a, b in pairwise(run)}


def _overlap(sentences: Sequence[set[str]]) -> float:
    """How often a sentence takes up something of one of the two before it: coherence, roughly."""
    full = [sentence for sentence in sentences if sentence]
    taken_up = sum(
        bool(full[i] & (full[i - 1] | (full[i - 2] if i > 1 else set())))
        for i in range(1, len(full))
    )
    return shape.ratio(taken_up, len(full) - 1) if len(full) > 1 else 0.0
