"""Words that bind a sentence, and those that nothing binds: heaps of keywords, links of a page.

Code and rows of tables have next to no function words, good or bad: their share is of the words in
other lines. It tells a heap from prose only if it is long: 40 words without one are not too
unlikely where a tenth of good text's are. So several weak signs must come together at a loose word:
no function word near it, and no number (statistics have few function words either), in a line that
is no code and does not end as a sentence does; or else, for heaps with a full stop, no word of one
character beside it, and few words to the next mark on either side. Good texts have few such words,
so that a low threshold serves, and few words are evidence enough.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from models.kernels.arrays import Int64Array, UInt8Array, UInt32Array, UInt64Array
from models.kernels.compile import kernel
from models.text.characters import NUMERAL, SPACE, WORD, table_of
from models.text.reading import Reading
from models.text.tokens import Tokens, find_form
from stages.rules.lexicon import FUNCTION, RuleLexicon

NEAR = 2
"""A function word or a number binds so many words on either side of it."""

LISTED = 3
"""The words between two marks, at most, of what may be a list of keywords."""

_FUNCTION, _NUMBER, _SINGLE = 1, 2, 4
_BINDS = _FUNCTION | _NUMBER
_CODE, _ENDED, _PROSE = 1, 2, 4
_CLOSERS = "\"'”’」』)）]】》*_"
_CODE_MARKS = "=<>{}\\_`$#@"
_LINE_FEED, _OPENING, _SLASH, _HYPHEN = map(ord, "\n(/-")


def looseness_measures(
    reading: Reading, tokens: Tokens, lexicon: RuleLexicon, *, has_blanks: bool
) -> dict[str, float]:
    """Function words as a share of the words of prose, loose words of all; 0 without words.

    ``prose_words`` are those that are no numbers, in lines that are neither code nor a row of a
    table. ``has_blanks``: between the words of the language; elsewhere a blank is a mark.

    ``loose_line_words_ratio`` counts those in lines without an end mark, ``loose_words_ratio``
    those of ``LISTED`` or fewer between two marks, in any line, that have no word of one character
    beside them.
    """
    ends = "".join(mark[-1] for mark in lexicon.end_marks)
    tables = table_of(_CODE_MARKS), table_of(ends), table_of(_CLOSERS)
    lines = _mark_lines(reading.codes, reading.kinds, reading.is_prose, *tables)
    words = _mark_words(reading.codes, reading.kinds, tokens, *lexicon.listed_words, has_blanks)
    total, in_prose, functions, loose, in_lines = _count(words, lines)
    return {
        "prose_words": float(in_prose),
        "function_words_ratio": functions / in_prose if in_prose else 0.0,
        "loose_words_ratio": loose / total if total else 0.0,
        "loose_line_words_ratio": in_lines / total if total else 0.0,
    }


class _Words(NamedTuple):
    """Of each word what binds others, its line, and how many stand between its marks, (words,)."""

    marks: UInt8Array
    lines: Int64Array
    beside: Int64Array


@kernel()
def _mark_lines(
    codes: UInt32Array,
    kinds: UInt32Array,
    is_prose: NDArray[np.bool_],
    code_marks: NDArray[np.bool_],
    end_marks: NDArray[np.bool_],
    closers: NDArray[np.bool_],
) -> UInt8Array:
    """Whether each line has signs of code, ends as a sentence does, is prose, (lines,) as bits."""
    marks = np.zeros(len(is_prose), np.uint8)
    start = 0
    for line in range(len(is_prose)):
        end = start
        is_code = not is_prose[line]
        while end < len(codes) and codes[end] != _LINE_FEED:
            code = codes[end]
            before = codes[end - 1] if end > start else np.uint32(_LINE_FEED)
            after_word = end > start and kinds[end - 1] & WORD != 0
            is_code |= code_marks[code] or (code == _HYPHEN and before == _HYPHEN)
            is_code |= after_word and (code in (_OPENING, _SLASH))
            end += 1
        last = end - 1
        while last > start and (kinds[last] & SPACE or closers[codes[last]]):
            last -= 1
        is_ended = end > start and end_marks[codes[last]]
        marks[line] = _CODE * is_code + _ENDED * is_ended + _PROSE * is_prose[line]
        start = end + 1
    return marks


@kernel(allocates=True)
def _mark_words(
    codes: UInt32Array,
    kinds: UInt32Array,
    tokens: Tokens,
    hashes: UInt64Array,
    lists: UInt8Array,
    has_blanks: bool,
) -> _Words:
    is_function = np.zeros(len(tokens.hashes), np.bool_)
    for number in range(len(hashes)):
        form = find_form(tokens, hashes[number])
        if form >= 0 and lists[number] & FUNCTION:
            is_function[form] = True
    size = len(tokens.folds)
    marks, lines = np.zeros(size, np.uint8), np.zeros(size, np.int64)
    stretches, counts = np.zeros(size, np.int64), np.zeros(len(codes) + 1, np.int64)
    count = line = place = stretch = 0
    for token in range(size):
        form = tokens.folds[token]
        while place < tokens.places[token]:
            is_end = codes[place] == _LINE_FEED
            line += is_end
            stretch += is_end or (kinds[place] & SPACE != 0 and not has_blanks)
            place += 1
        if not tokens.are_words[form]:
            stretch += 1
            continue
        is_number = not tokens.have_letters[form]
        for character in range(place, place + tokens.sizes[token]):
            is_number |= kinds[character] & NUMERAL != 0
        is_single = tokens.sizes[token] == 1
        marks[count] = _FUNCTION * is_function[form] + _NUMBER * is_number + _SINGLE * is_single
        lines[count], stretches[count] = line, stretch
        counts[stretch] += 1
        count += 1
    return _Words(marks[:count], lines[:count], counts[stretches[:count]])


@kernel()
def _count(words: _Words, lines: UInt8Array) -> tuple[int, int, int, int, int]:
    """How many words there are, in prose, functions there, loose, and so in lines without end."""
    in_prose = functions = loose = in_lines = 0
    count = len(words.marks)
    for word in range(count):
        around = np.uint8(0)
        for other in range(max(0, word - NEAR), min(count, word + NEAR + 1)):
            around |= words.marks[other] & _BINDS
            if abs(other - word) <= 1:
                around |= words.marks[other] & _SINGLE
        line = lines[words.lines[word]]
        if line & _PROSE and words.marks[word] & _NUMBER == 0:
            in_prose += 1
            functions += words.marks[word] & _FUNCTION != 0
        if around & _BINDS == 0 and line & _CODE == 0:
            loose += around & _SINGLE == 0 and words.beside[word] <= LISTED
            in_lines += line & _ENDED == 0
    return count, in_prose, functions, loose, in_lines
