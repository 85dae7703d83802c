"""What tells fluent, coherent, informative text from the rest: named features by language."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from itertools import pairwise

from models.text import shape
from models.text.signs import count_signs

MAX_CHARS = 20_000
"""A text is judged on its first 20,000 characters; the rest is not read."""

SAMPLE = 600
"""Measures of variety are taken on the first 600 words (1,200 characters of Chinese): they fall
with length, and so would punish long texts."""

FUNCTION_WORDS = frozenset(
    [
        "the",
        "of",
        "and",
        "to",
        "a",
        "in",
        "is",
        "that",
        "it",
        "for",
        "was",
        "on",
        "with",
        "as",
        "are",
        "by",
        "this",
        "be",
        "have",
        "from",
        "or",
        "not",
        "but",
        "which",
        "has",
        "were",
        "can",
        "will",
        "if",
        "they",
        "their",
        "its",
        "an",
        "at",
        "you",
        "we",
        "he",
        "she",
        "his",
        "her",
        "i",
        "had",
        "been",
        "would",
        "there",
        "what",
        "when",
        "who",
        "more",
        "so",
        "no",
        "out",
        "up",
        "into",
        "than",
        "them",
        "some",
        "could",
        "these",
        "also",
        "may",
        "my",
        "do",
        "about",
        "our",
        "how",
    ]
)
CONNECTIVES = re.compile(
    r"\b(?:because|however|therefore|although|while|since|though|but|so|then|also|when|if|which|"
    r"that|instead|moreover|for example|such as|rather|after|before)\b|"
    r"因为|所以|但是|然而|因此|虽然|如果|那么|不过|而且|并且|例如|比如|此外|同时|由于|之后|其中|可以|其实",
    re.IGNORECASE,
)
FUNCTION_CHARACTERS = re.compile(
    r"[的了是在和不有这也就都而及与着或把被我你他她它们们个上为以对到说要能会]"
)
WORDY_MARK = re.compile(r"[,，、;；:：]")
SYMBOL = re.compile(r"[^\w\s,.;:!?'\"()，。；：！？、“”‘’（）《》…—-]")
MARKS_RUN = re.compile(r"[!！?？.。,，~～]{2,}")
# No host name is longer than 253 characters; without a bound, a row of @ takes cubic time.
ADDRESS = re.compile(r"https?://|www\.|\S@\S{1,253}\.\w")


def prose_of(text: str) -> str:
    """The start of a text without code and table rows, or with them if there is nothing else."""
    start = text[:MAX_CHARS]
    lines = [line for line in start.split("\n") if not shape.is_not_prose(line)]
    return "\n".join(lines) if lines else start


def english_features(text: str) -> dict[str, float]:
    """The features of a text in English (or any other alphabet)."""
    text = prose_of(text)
    words = [word.lower() for word in shape.WORD.findall(text)]
    sample = words[:SAMPLE]
    numbers = sum(word[0].isdigit() for word in words)
    functions = [word for word in words if word in FUNCTION_WORDS]
    capitals = sum(word[0].isupper() for word in shape.WORD.findall(text))
    content = [word for word in words if word not in FUNCTION_WORDS]
    return {
        **_common_features(text, len(words), words),
        "function_share": shape.ratio(len(functions), len(words)),
        "function_variety": shape.ratio(len(set(functions)), min(len(words), SAMPLE)),
        "mean_word_length": shape.ratio(sum(map(len, words)), len(words)),
        "long_words": shape.ratio(sum(len(word) > 8 for word in words), len(words)),  # noqa: PLR2004
        "one_letter_words": shape.ratio(sum(len(word) == 1 for word in words), len(words)),
        "numbers": shape.ratio(numbers, len(words)),
        "capitals": shape.ratio(capitals, len(words)),
        "variety": shape.distinct_ratio(sample),
        "pair_variety": shape.distinct_ratio(list(pairwise(words))[:SAMPLE]),
        "entropy": shape.entropy(sample) / shape.log1p(len(sample)) if sample else 0.0,
        "top_content_word": _top_share(content[:SAMPLE]),
        "first_person": shape.ratio(100 * sum(w in {"i", "my", "me"} for w in words), len(words)),
        "second_person": shape.ratio(100 * sum(w in {"you", "your"} for w in words), len(words)),
        "content_overlap": _overlap([set(_content_words(s)) for s in shape.sentences_of(text)]),
    }


def chinese_features(text: str) -> dict[str, float]:
    """The features of a text in Chinese."""
    text = prose_of(text)
    han = shape.HAN.findall(text)
    sample = han[: 2 * SAMPLE]
    pairs = [a + b for run in shape.NOT_HAN.sub(" ", text).split() for a, b in pairwise(run)]
    functions = FUNCTION_CHARACTERS.findall(text)
    latin = sum(character.isascii() and character.isalpha() for character in text)
    return {
        **_common_features(text, len(han), pairs),
        "function_share": shape.ratio(len(functions), len(han)),
        "function_variety": shape.ratio(len(set(functions)), min(len(han), SAMPLE)),
        "latin": shape.ratio(latin, latin + len(han)),
        "numbers": shape.ratio(len(shape.DIGITS.findall(text)), len(text)),
        "variety": shape.distinct_ratio(sample),
        "pair_variety": shape.distinct_ratio(pairs[: 2 * SAMPLE]),
        "entropy": shape.entropy(sample) / shape.log1p(len(sample)) if sample else 0.0,
        "pair_repeats": shape.ratio(sum(n > 1 for n in Counter(pairs).values()), len(set(pairs))),
        "top_pair": _top_share(pairs[: 2 * SAMPLE]),
        "first_person": shape.ratio(100 * text.count("我"), len(han)),
        "second_person": shape.ratio(100 * len(re.findall("[你您]", text)), len(han)),
        "spaced_han": shape.ratio(len(re.findall(r"[一-鿿] +[一-鿿]", text)), len(han)),
        "content_overlap": _overlap([_pairs_of(s) for s in shape.sentences_of(text)]),
    }


def _common_features(text: str, words: int, units: Sequence[str]) -> dict[str, float]:
    """Features that mean the same in every language; ``words`` is the length in units."""
    lines, sentences = shape.lines_of(text), shape.sentences_of(text)
    widths = [shape.width(line) for line in lines]
    total = sum(widths)
    lengths = [shape.width(sentence) for sentence in sentences]
    ended = sum(w for w, line in zip(widths, lines, strict=True) if shape.ends_sentence(line))
    seen = Counter(units)
    return {
        "log_words": shape.log1p(words),
        "log_lines": shape.log1p(len(lines)),
        "log_mean_line": shape.log1p(shape.ratio(total, len(lines))),
        "short_lines": shape.ratio(sum(w < 40 for w in widths), len(lines)),  # noqa: PLR2004
        "ended_share": shape.ratio(ended, total),
        "ended_lines": shape.ratio(sum(map(shape.ends_sentence, lines)), len(lines)),
        "distinct_lines": shape.distinct_ratio(lines),
        "listed_lines": shape.ratio(sum(line[0] in "-*•·|#" for line in lines), len(lines)),
        "log_mean_sentence": shape.log1p(shape.ratio(sum(lengths), len(lengths))),
        "log_longest_sentence": shape.log1p(max(lengths, default=0)),
        "short_sentences": shape.ratio(sum(n < 20 for n in lengths), len(lengths)),  # noqa: PLR2004
        "commas": shape.ratio(100 * len(WORDY_MARK.findall(text)), total),
        "symbols": shape.ratio(100 * len(SYMBOL.findall(text)), total),
        "mark_runs": shape.ratio(100 * len(MARKS_RUN.findall(text)), total),
        "exclamations": shape.ratio(100 * len(re.findall("[!！]", text)), total),
        "connectives": shape.ratio(100 * len(CONNECTIVES.findall(text)), total),
        "addresses": shape.ratio(100 * len(ADDRESS.findall(text)), total),
        "promotion": shape.ratio(100 * count_signs("promote", text), total),
        "navigation": shape.ratio(100 * count_signs("navigate", text), total),
        "seen_once": shape.ratio(sum(n == 1 for n in seen.values()), len(seen)),
    }


def _top_share(items: Sequence[str]) -> float:
    """The share of the most frequent item."""
    return max(Counter(items).values(), default=0) / len(items) if items else 0.0


def _content_words(sentence: str) -> list[str]:
    words = (word.lower() for word in shape.WORD.findall(sentence))
    return [word for word in words if word not in FUNCTION_WORDS and len(word) > 3]  # noqa: PLR2004


def _pairs_of(sentence: str) -> set[str]:
    runs = shape.NOT_HAN.sub(" ", sentence).split()
    return {a + b for run in runs for a, b in pairwise(run)}


def _overlap(sentences: Sequence[set[str]]) -> float:
    """How often a sentence takes up something of one of the two before it: coherence, roughly."""
    told = [sentence for sentence in sentences if sentence]
    taken_up = sum(
        bool(told[i] & (told[i - 1] | (told[i - 2] if i > 1 else set())))
        for i in range(1, len(told))
    )
    return shape.ratio(taken_up, len(told) - 1) if len(told) > 1 else 0.0
