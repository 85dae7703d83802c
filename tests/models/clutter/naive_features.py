"""The features of lines, said again one line and one word at a time, as they were first written."""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from models.clutter.features import ADDRESS, DATE, FAR, LONG, MAX_WIDTH, NEAR, SIGNS, WRAPPED
from models.text import shape
from models.text.languages import COMMONEST, KNOWN
from models.text.scripts import HAN
from tests.models.text import naive

LINK_MARKS = re.compile(r"[|»›>→•·/_【】\[\]]")
COMMA = re.compile(r"[,;:，；：、]")


@dataclass(frozen=True, slots=True)
class _Document:
    """What the features of a line need to know of all its lines."""

    lines: Sequence[str]
    widths: Sequence[int]
    ended: Sequence[bool]
    repeats: Counter[str]
    vocabulary: frozenset[str]
    long_share: float
    chinese: float


def line_features(lines: Sequence[str]) -> list[dict[str, float]]:
    """One mapping for each line of a document, in order; blank lines have features too."""
    widths = [min(naive.width(line.strip()), MAX_WIDTH) for line in lines]
    text = "\n".join(lines)
    document = _Document(
        lines=lines,
        widths=widths,
        ended=[naive.ends_sentence(line) for line in lines],
        repeats=Counter(line.strip() for line in lines),
        vocabulary=_vocabulary(lines, widths),
        long_share=shape.ratio(sum(w for w in widths if w >= LONG), sum(widths)),
        chinese=float(shape.is_chinese(text)),
    )
    return [
        {**_own(line, widths[i], document), **_place(i, document)} for i, line in enumerate(lines)
    ]


def _distance(widths: Sequence[int], i: int, step: int) -> int:
    """How many lines on the next long one stands, at most ``FAR``."""
    for distance in range(1, FAR):
        other = i + step * distance
        if 0 <= other < len(widths) and widths[other] >= LONG:
            return distance
    return FAR


def _terms(line: str) -> list[str]:
    """Words of four letters and more, and pairs of Han characters: what a line is about."""
    words = [naive.lower(word) for word in naive.WORD.findall(line) if not HAN.is_in(word[0])]
    pairs = [run[i : i + 2] for run in HAN.runs(line) for i in range(len(run) - 1)]
    return [word for word in words if len(word) > 3] + pairs


def _vocabulary(lines: Sequence[str], widths: Sequence[int]) -> frozenset[str]:
    """What the document's paragraphs are about: the terms of its long lines."""
    return frozenset(
        term for line, w in zip(lines, widths, strict=True) if w >= LONG for term in _terms(line)
    )


def _own(line: str, width: int, document: _Document) -> dict[str, float]:
    """What a line says for itself."""
    words = line.split()
    letters = max(1, sum(map(str.isalpha, line)))
    terms = _terms(line)
    known = sum(term in document.vocabulary for term in terms)
    functions = KNOWN.search.lists[COMMONEST].pattern.findall(line)
    is_long = width >= LONG
    signs = {
        f"sign_{sign}": 100 * len(KNOWN.search.lists[sign].pattern.findall(line)) / (width + 30)
        for sign in SIGNS
    }
    return {
        "width": float(width),
        "ended": float(naive.ends_sentence(line)),
        "colon_at_end": float(line.rstrip().endswith((":", "："))),
        "asks": float(line.rstrip().endswith(("?", "？", "!", "！"))),
        "commas": shape.ratio(100 * len(COMMA.findall(line)), width + 20),
        "digits": shape.ratio(len(re.findall(r"\d", line)), len(line)),
        "upper": sum(map(str.isupper, line)) / letters,
        "capitalised_words": shape.ratio(sum(w[0].isupper() for w in words), len(words)),
        "link_marks": shape.ratio(100 * len(LINK_MARKS.findall(line)), width + 20),
        "bullet": float(line.lstrip()[:1] in set("-*•·–▪■◆★●")),
        "address": float(ADDRESS.search(line) is not None),
        "dated_short": float(not is_long and DATE.search(line) is not None),
        "no_letter": float(not any(map(str.isalnum, line))),
        "repeated": float(document.repeats[line.strip()] - 1),
        "function_words": shape.ratio(100 * len(functions), width + 20),
        "known_terms": shape.ratio(known, len(terms)),
        "no_terms": float(not terms),
        **signs,
    }


def _alike(width: int, near: Sequence[int]) -> float:
    """The share of neighbours as wide as a line of some width: prose with hard line ends."""
    if width < WRAPPED:
        return 0.0
    return shape.ratio(sum(abs(other - width) <= width / 4 for other in near), len(near))


def _place(i: int, document: _Document) -> dict[str, float]:
    """Where a line stands, and among what."""
    widths, ended, count = document.widths, document.ended, len(document.lines)
    near = [*widths[max(0, i - NEAR) : i], *widths[i + 1 : i + 1 + NEAR]]
    has_after = i + 1 < count
    return {
        "place": i / max(1, count - 1),
        "from_start": float(min(i, FAR)),
        "from_end": float(min(count - 1 - i, FAR)),
        "lines": float(count),
        "long_share": document.long_share,
        "chinese": document.chinese,
        "near_width": shape.ratio(sum(near), len(near)),
        "near_short": shape.ratio(sum(w < 40 for w in near), len(near)),
        "before_width": float(widths[i - 1] if i else 0),
        "after_width": float(widths[i + 1] if has_after else 0),
        "before_ended": float(i > 0 and ended[i - 1]),
        "after_ended": float(has_after and ended[i + 1]),
        "long_before": float(_distance(widths, i, -1)),
        "long_after": float(_distance(widths, i, 1)),
        "like_neighbours": _alike(widths[i], near),
    }
