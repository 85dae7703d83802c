"""jieba's cut in compiled loops: the likeliest words, and a hidden Markov model for the rest.

Source: jieba 0.42.1, ``Tokenizer.cut`` with its defaults, and ``finalseg``. Sums are taken in the
same order and ties are broken the same way; ``tests/models/segmenter`` holds the two equal. A text
is an array of code points, and a stretch of it is given by its first and past its last.
"""

from __future__ import annotations

import numpy as np

from models.kernels.arrays import Float64Array, Int32Array, UInt8Array, UInt32Array
from models.kernels.compile import inlined, kernel
from models.text.segmenter.lexicon import (
    FIRST_HAN,
    LAST_HAN,
    HiddenMarkovModel,
    JiebaLexicon,
    Node,
    Trie,
    follow,
)

INSIDE, END, BLANK = range(3)
"""What `mark_ends` says of a character: a token goes on after it, ends with it, or it is white."""

_WHITE, _OTHER, _MARK, _ALPHANUMERIC, _HAN = range(5)
_BEGINS, _ENDS, _MIDDLE, _SINGLE = range(4)  # as in `STATES`
_POINT, _PER_CENT, _0, _9 = map(ord, ".%09")


def _kinds() -> UInt8Array:
    """What jieba takes each character below the Chinese ones for."""
    kinds = np.full(FIRST_HAN, _OTHER, np.uint8)
    kinds[[code for code in range(FIRST_HAN) if chr(code).isspace()]] = _WHITE
    kinds[[ord(mark) for mark in "+#&._%-"]] = _MARK
    for first, last in ("09", "az", "AZ"):
        kinds[ord(first) : ord(last) + 1] = _ALPHANUMERIC
    return kinds


_KINDS = _kinds()


@kernel()
def mark_ends(codes: UInt32Array, lexicon: JiebaLexicon) -> UInt8Array:
    """`INSIDE`, `END` or `BLANK` for each character, (characters,) uint8."""
    size = len(codes)
    marks = np.full(size, np.uint8(INSIDE))
    words, scores = np.empty(size, np.int32), np.empty(size + 1)
    origins = np.empty((size, 4), np.uint8)
    trie, model = lexicon
    i = 0
    while i < size:
        kind = _kind(codes[i])
        if kind < _MARK:
            marks[i] = END if kind == _OTHER else BLANK
            i += 1
            continue
        first = i
        while i < size and _kind(codes[i]) >= _MARK:
            i += 1
        _find_words(codes, first, i, trie, words, scores)
        alone = j = first
        while alone < i:
            # Words of one character in a row are looked at together.
            while j < i and words[j] - j == 1:
                j += 1
            if j - alone > 1 and not _is_word(codes, alone, j, trie):
                _mark_unknown(codes, alone, j, model, origins, marks)
            else:
                marks[alone:j] = END
            if j < i:
                j = words[j]
                marks[j - 1] = END
            alone = j
    return marks


@inlined
def _kind(code: np.uint32) -> np.uint8:
    if code < FIRST_HAN:
        return _KINDS[code]
    return np.uint8(_HAN) if code <= LAST_HAN else np.uint8(_OTHER)


@inlined
def _find_words(
    codes: UInt32Array, first: int, last: int, trie: Trie, words: Int32Array, scores: Float64Array
) -> None:
    """Set ``words`` to the end of the likeliest word at each place; of equals the longest."""
    scores[last] = 0.0
    for i in range(last - 1, first - 1, -1):
        best, best_end = -np.inf, 0
        node, end = follow(trie, 0, codes[i]), i + 1
        while node != 0:
            score = trie.scores[node] + scores[end]
            if score >= best:  # not for NaN
                best, best_end = score, end
            if end == last:
                break
            node = follow(trie, node, codes[end])
            end += 1
        if best_end == 0:
            best, best_end = trie.no_word + scores[i + 1], i + 1
        scores[i], words[i] = best, best_end


@inlined
def _is_word(codes: UInt32Array, first: int, last: int, trie: Trie) -> bool:
    node: Node = 0
    for i in range(first, last):
        node = follow(trie, node, codes[i])
        if node == 0:
            return False
    return not np.isnan(trie.scores[node])


@inlined
def _mark_unknown(
    codes: UInt32Array,
    first: int,
    last: int,
    model: HiddenMarkovModel,
    origins: UInt8Array,
    marks: UInt8Array,
) -> None:
    """Chinese by the model; letters and digits with decimals and a per cent sign; rows of marks."""
    i = first
    while i < last:
        begin, kind = i, _kind(codes[i])
        while i < last and _kind(codes[i]) == kind:
            i += 1
        if kind == _HAN:
            _mark_by_model(codes, begin, i, model, origins, marks)
            continue
        if kind == _ALPHANUMERIC:
            decimals = i + 1
            while decimals < last and codes[i] == _POINT and _0 <= codes[decimals] <= _9:
                decimals += 1
            if decimals > i + 1:
                i = decimals
            if i < last and codes[i] == _PER_CENT:
                i += 1
        marks[i - 1] = END


@inlined
def _mark_by_model(
    codes: UInt32Array,
    first: int,
    last: int,
    model: HiddenMarkovModel,
    origins: UInt8Array,
    marks: UInt8Array,
) -> None:
    """The likeliest states (Viterbi's algorithm); of equals the one later in the alphabet."""
    start, change, emit = model
    row = codes[first] - FIRST_HAN
    begins, ends = start[_BEGINS] + emit[row, _BEGINS], start[_ENDS] + emit[row, _ENDS]
    middle, single = start[_MIDDLE] + emit[row, _MIDDLE], start[_SINGLE] + emit[row, _SINGLE]
    for i in range(first + 1, last):
        row, origin = codes[i] - FIRST_HAN, origins[i]
        old = (begins, ends, middle, single)
        origin[_BEGINS], begins = _best(old, _ENDS, _SINGLE, change, _BEGINS, emit[row, _BEGINS])
        origin[_ENDS], ends = _best(old, _BEGINS, _MIDDLE, change, _ENDS, emit[row, _ENDS])
        origin[_MIDDLE], middle = _best(old, _BEGINS, _MIDDLE, change, _MIDDLE, emit[row, _MIDDLE])
        origin[_SINGLE], single = _best(old, _ENDS, _SINGLE, change, _SINGLE, emit[row, _SINGLE])
    state = _SINGLE if single >= ends else _ENDS
    for i in range(last - 1, first - 1, -1):
        if state in (_ENDS, _SINGLE):
            marks[i] = END
        state = origins[i, state]


@inlined
def _best(
    old: tuple[float, float, float, float],
    one: int,
    later: int,
    change: Float64Array,
    state: int,
    seen: float,
) -> tuple[int, float]:
    """The state before and the score: all is added up before it is compared, as jieba does."""
    score = old[one] + change[one, state] + seen
    other = old[later] + change[later, state] + seen
    return (later, other) if other >= score else (one, score)
