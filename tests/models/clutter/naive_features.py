"""The features of lines, said again one line and one word at a time, as they were first written."""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from models.clutter.features import ADDRESS, DATE, EDGE, LONG, MAX_WIDTH, SIGNS, WRAPPED
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
    long_distance: Sequence[int]
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
        long_distance=_distances([w >= LONG for w in widths]),
        vocabulary=_vocabulary(lines, widths),
        long_share=shape.ratio(sum(w for w in widths if w >= LONG), sum(widths)),
        chinese=float(shape.is_chinese(text)),
    )
    return [
        {**_own(line, widths[i], document), **_place(i, document)} for i, line in enumerate(lines)
    ]


def _distances(marked: Sequence[bool]) -> list[int]:
    """How many lines away the nearest other marked line is; the number of lines if none is."""
    far = len(marked)
    result = [far] * far
    for step in (1, -1):
        distance = far
        for i in range(far)[::step]:
            distance = min(distance + 1, far)
            result[i] = min(result[i], distance)
            if marked[i]:
                distance = 0
    return result


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
        f"sign_{sign}": shape.log1p(len(KNOWN.search.lists[sign].pattern.findall(line)))
        * 100
        / (width + 30)
        for sign in SIGNS
    }
    return {
        "log_width": shape.log1p(width),
        "under_10": float(width < 10),
        "under_25": float(width < 25),
        "over_120": float(is_long),
        "ended": float(naive.ends_sentence(line)),
        "ended_long": float(is_long and naive.ends_sentence(line)),
        "colon_at_end": float(line.rstrip().endswith((":", "："))),
        "commas": shape.ratio(100 * len(COMMA.findall(line)), width + 20),
        "function_words": shape.ratio(100 * len(functions), width + 20),
        "digits": shape.ratio(len(re.findall(r"\d", line)), len(line)),
        "upper": sum(map(str.isupper, line)) / letters,
        "capitalised_words": shape.ratio(sum(w[0].isupper() for w in words), len(words)),
        "link_marks": shape.ratio(100 * len(LINK_MARKS.findall(line)), width + 20),
        "bullet": float(line.lstrip()[:1] in set("-*•·–▪■◆★●")),
        "address": float(ADDRESS.search(line) is not None),
        "dated_short": float(not is_long and DATE.search(line) is not None),
        "no_letter": float(not any(map(str.isalnum, line))),
        "known_terms": shape.ratio(known, len(terms)),
        "no_terms": float(not terms),
        "repeated": shape.log1p(document.repeats[line.strip()] - 1),
        **signs,
    }


def _alike(width: int, near: Sequence[int]) -> float:
    """The share of neighbours as wide as a line of some width: prose with hard line ends."""
    if width < WRAPPED:
        return 0.0
    return shape.ratio(sum(abs(other - width) <= width / 4 for other in near), len(near))


def _place(i: int, document: _Document) -> dict[str, float]:
    """Where a line stands, and among what."""
    widths, count = document.widths, len(document.lines)
    near = [*widths[max(0, i - 3) : i], *widths[i + 1 : i + 4]]
    before = widths[i - 1] if i else 0
    after = widths[i + 1] if i + 1 < count else 0
    few = max(0.0, 1 - (count - 1) / EDGE)  # so few that the neighbours say little
    return {
        "place": shape.ratio(i, count - 1),
        "head": max(0.0, 1 - i / EDGE),
        "tail": max(0.0, 1 - (count - 1 - i) / EDGE),
        "first": float(i == 0),
        "log_lines": shape.log1p(count),
        "few": few,
        "few_log_width": few * shape.log1p(widths[i]),
        "few_ended": few * float(document.ended[i]),
        "near_log_width": shape.log1p(shape.ratio(sum(near), len(near))),
        "near_short": shape.ratio(sum(w < 40 for w in near), len(near)),
        "before_log_width": shape.log1p(before),
        "after_log_width": shape.log1p(after),
        "heading": float(widths[i] < 80 <= after and not document.ended[i]),
        "log_long_distance": shape.log1p(document.long_distance[i]),
        "long_share": document.long_share,
        "like_neighbours": _alike(widths[i], near),
        "chinese": document.chinese,
        "chinese_log_width": document.chinese * shape.log1p(widths[i]),
        "chinese_ended": document.chinese * float(document.ended[i]),
    }
