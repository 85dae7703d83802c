"""jieba's lexicon and its hidden Markov model as arrays, from the files of the installed package.

The lexicon is a trie. Its edges lie in one open-addressing table; those of the root, of which every
character asks, have a table of their own.
"""

from __future__ import annotations

import logging
import math
import pickle
import re
from functools import lru_cache
from importlib.util import find_spec
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, NamedTuple, TypeAlias

import numpy as np

from models.kernels.arrays import Float64Array, Int32Array, Int64Array, UInt32Array, UInt64Array
from models.kernels.compile import inlined, kernel

FIRST_HAN, LAST_HAN = 0x4E00, 0x9FD5  # what jieba takes for Chinese characters
BASIC_PLANE = 0x10000
STATES = "BEMS"  # a word's begin, end and middle, and a word of one character
UNSEEN = -3.14e100  # jieba's logarithm of zero

_ONE, _32 = np.uint64(1), np.uint64(32)
_CODE_BITS = _NODE_BITS = np.uint64(21)
_MAX_NODE = (_ONE << _NODE_BITS) - _ONE
_MIX = np.uint64(0x9E3779B97F4A7C15)
_LEAST_SLOT_BITS = 20  # jieba's lexicon has 498,114 prefixes, and a slot in two is left free
_LINE_FEED, _SPACE, _0, _9 = map(ord, "\n 09")
_BLANK = re.compile(r"\s")
_NEVER = re.compile(r"^.+ 0( [a-z]+)?\s*$", re.MULTILINE)


Node: TypeAlias = int | np.int64
"""The number of a node of the trie: 0 is the root, and what no edge leads to."""


class Trie(NamedTuple):
    """Words and their log probabilities; node 0 is the root.

    ``roots`` (65,536) int32: the node of a first character, or 0. ``slots`` (a power of 2) uint64:
    an edge's node and character above the node that it leads to, or 0. ``scores`` (nodes) float64:
    that of the word that ends in a node, NaN where none does. ``no_word``: that of a character
    that is no word.
    """

    roots: Int32Array
    slots: UInt64Array
    scores: Float64Array
    no_word: float


class HiddenMarkovModel(NamedTuple):
    """Log probabilities of the `STATES`, float64: (4,), (from 4, to 4) and (characters, 4)."""

    start: Float64Array
    change: Float64Array
    emit: Float64Array


class JiebaLexicon(NamedTuple):
    """What the cutting loops read."""

    trie: Trie
    model: HiddenMarkovModel


def read_lexicon(user_dictionary: str = "") -> JiebaLexicon:
    """Jieba's own lexicon, with the words of a file in jieba's format.

    It is read once a process, and again once the file has changed. The file has a word a line, with
    its frequency or without one, as for ``jieba.load_userdict``. Raises OSError, and ValueError for
    a file that jieba refuses or for a frequency of 0.
    """
    changed_ns = Path(user_dictionary).stat().st_mtime_ns if user_dictionary else 0
    return _read_lexicon(user_dictionary, changed_ns)


@lru_cache(maxsize=2)  # jieba's own, and with the words of a file
def _read_lexicon(user_dictionary: str, changed_ns: int) -> JiebaLexicon:  # noqa: ARG001 - a key
    folder = _package_folder()
    words, total = (folder / "dict.txt").read_text("utf-8"), None
    if user_dictionary:
        words, total = _add_words(user_dictionary)
    return JiebaLexicon(make_trie(words, total), _read_model(folder / "finalseg"))


def _package_folder() -> Path:
    """Where jieba is installed. Importing it would bring in setuptools, where there is one."""
    spec = find_spec("jieba")
    if spec is None or not spec.submodule_search_locations:
        raise ModuleNotFoundError("jieba, whose lexicon cuts words, is not installed")
    return Path(spec.submodule_search_locations[0])


def _add_words(file: str) -> tuple[str, int]:
    """The lines and the sum of frequencies of jieba's lexicon once jieba has added the words."""
    import jieba

    if found := _NEVER.search(Path(file).read_text("utf-8")):
        raise ValueError(f"{file}: a frequency of 0 cannot forbid a word here: {found[0]!r}")
    with TemporaryDirectory() as scratch:
        jieba.setLogLevel(logging.WARNING)
        tokenizer = jieba.Tokenizer()
        tokenizer.tmp_dir = scratch
        tokenizer.load_userdict(file)
    # jieba never finds a word with a blank in it.
    words = (f"{word} {n}\n" for word, n in tokenizer.FREQ.items() if n and not _BLANK.search(word))
    return "".join(words), tokenizer.total


def make_trie(words: str, total: int | None = None) -> Trie:
    """From lines of "word frequency ...".

    ``total`` is the sum of the frequencies where it is not that of the lines. Raises ValueError for
    more prefixes of words than the trie can number.
    """
    codes = np.frombuffer((words.rstrip("\n") + "\n").encode("utf-32-le"), np.uint32)
    counts = np.zeros(len(codes) + 1, np.int64)
    for bits in range(_LEAST_SLOT_BITS, int(_NODE_BITS) + 2):
        roots, slots = np.zeros(BASIC_PLANE, np.int32), np.zeros(1 << bits, np.uint64)
        nodes, added = _insert(codes, Trie(roots, slots, np.empty(0), 0.0), counts)
        if nodes:
            total = total or added
            return Trie(roots, slots, _scores(counts[:nodes], total), -math.log(total))
    raise ValueError(f"a lexicon of more than {1 << int(_NODE_BITS):,} prefixes")


def _scores(counts: Int64Array, total: int) -> Float64Array:
    """log(count) - log(total) as Python computes it: the last bit decides between equals."""
    found, places = np.unique(counts, return_inverse=True)
    logs = [math.log(n) - math.log(total) if n else math.nan for n in found.tolist()]
    return np.array(logs)[places]


def _read_model(folder: Path) -> HiddenMarkovModel:
    start, change, emit = (_read(folder / f"prob_{name}.p") for name in ("start", "trans", "emit"))
    table = np.full((LAST_HAN - FIRST_HAN + 1, len(STATES)), UNSEEN)
    for column, state in enumerate(STATES):
        for character, score in emit[state].items():
            if FIRST_HAN <= ord(character) <= LAST_HAN:
                table[ord(character) - FIRST_HAN, column] = score
    changes = [[change[state].get(after, UNSEEN) for after in STATES] for state in STATES]
    return HiddenMarkovModel(np.array([start[state] for state in STATES]), np.array(changes), table)


def _read(file: Path) -> Any:
    return pickle.loads(file.read_bytes())  # noqa: S301 - of a package whose code is run as well


@kernel()
def _insert(codes: UInt32Array, trie: Trie, counts: Int64Array) -> tuple[int, int]:
    """Fill the trie from the lines; return its nodes, 0 for too many, and all frequencies' sum."""
    nodes, total, i = 1, 0, 0
    while i < len(codes):
        node: Node = 0
        while codes[i] not in (_SPACE, _LINE_FEED):
            child = follow(trie, node, codes[i])
            if child == 0:
                if 2 * nodes >= len(trie.slots):
                    return 0, 0
                child, nodes = nodes, nodes + 1
                _add(trie, node, codes[i], child)
            node = child
            i += 1
        count = 0
        i += codes[i] == _SPACE
        while _0 <= codes[i] <= _9:
            count = count * 10 + int(codes[i]) - _0
            i += 1
        while codes[i] != _LINE_FEED:
            i += 1
        i += 1
        counts[node] = count
        total += count
    return nodes, total


@inlined
def follow(trie: Trie, node: Node, code: np.uint32) -> Node:
    """The node that a character leads to from another, or 0."""
    if node == 0 and code < BASIC_PLANE:
        return np.int64(trie.roots[code])
    edge = (np.uint64(node) << _CODE_BITS) | np.uint64(code)
    slot = trie.slots[_place(trie.slots, edge)]
    return np.int64(slot & _MAX_NODE)


@inlined
def _place(slots: UInt64Array, edge: np.uint64) -> np.uint64:
    """Where an edge lies, or the free slot where it would."""
    mask = np.uint64(len(slots) - 1)
    place = ((edge * _MIX) >> _32) & mask
    while slots[place] != 0 and slots[place] >> _NODE_BITS != edge:
        place = (place + _ONE) & mask
    return place


@inlined
def _add(trie: Trie, node: Node, code: np.uint32, child: Node) -> None:
    if node == 0 and code < BASIC_PLANE:
        trie.roots[code] = child
    else:
        edge = (np.uint64(node) << _CODE_BITS) | np.uint64(code)
        trie.slots[_place(trie.slots, edge)] = (edge << _NODE_BITS) | np.uint64(child)
