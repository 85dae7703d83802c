"""Find the blocks that were labelled in a page as it is read now."""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import groupby

from curation.training.page_labels import Anchor, BlockKind, PageLabels, anchor_of
from models.text.letters import letters_of


@dataclass(frozen=True, slots=True)
class Matched:
    """The kind of each block that a reading has, None for one without label.

    ``lost_chars`` of the ``main_chars`` labelled as main text are not in the reading.
    """

    kinds: tuple[BlockKind | None, ...]
    main_chars: int
    lost_chars: int


@dataclass(frozen=True, slots=True)
class _Pair:
    """A block by its number among the labels, and in a reading."""

    old: int
    new: int


@dataclass(frozen=True, slots=True)
class _Label:
    """A labelled block."""

    kind: BlockKind
    anchor: Anchor


def match(labels: PageLabels, texts: Sequence[str]) -> Matched:
    """What the labels say of a reading's blocks, wherever it cuts them.

    Blocks that the page has once are paired with themselves; between two pairs labels follow the
    characters. A block of several labels has that of most of its characters; one without
    characters, that of both the blocks around it.
    """
    there = [
        _Label(run.kind, Anchor(chars, digest))
        for run in labels.runs
        for chars, digest in zip(run.chars, run.digests, strict=True)
    ]
    letters = [letters_of(text) for text in texts]
    here = [anchor_of(one, labels.body_sha256) for one in letters]
    votes: list[Counter[BlockKind]] = [Counter() for _ in texts]
    lost = old = new = 0
    for pair in _pair([label.anchor for label in there], here):
        gap = there[old : pair.old], letters[new : pair.new]
        for number, kind, chars in _follow(*gap, labels.body_sha256):
            if number is not None:
                votes[new + number][kind] += chars
            elif kind is BlockKind.MAIN:
                lost += chars
        old, new = pair.old + 1, pair.new + 1
        if pair.old < len(there):
            votes[pair.new][there[pair.old].kind] = there[pair.old].anchor.chars
    main = sum(label.anchor.chars for label in there if label.kind is BlockKind.MAIN)
    return Matched(tuple(_elect(votes, letters)), main, lost)


def _pair(there: Sequence[Anchor], here: Sequence[Anchor]) -> Iterator[_Pair]:
    """The blocks that both have once, in the order of both, and behind them the two ends."""
    found = [Counter(there), Counter(here)]
    old, new = (
        [number for number, anchor in enumerate(one) if all(n[anchor] == 1 for n in found)]
        for one in (there, here)
    )
    matcher = SequenceMatcher(
        None, [there[number] for number in old], [here[number] for number in new], autojunk=False
    )
    for run in matcher.get_matching_blocks():
        for offset in range(run.size):
            yield _Pair(old[run.a + offset], new[run.b + offset])
    yield _Pair(len(there), len(here))


def _follow(
    labels: Sequence[_Label], letters: Sequence[str], body_sha256: str
) -> Iterator[tuple[int | None, BlockKind, int]]:
    """Which blocks have how many characters of what kind; the block is None for what is lost."""
    stream = "".join(letters)
    owner = [number for number, one in enumerate(letters) for _ in one]
    place = 0
    for label in labels:
        chars = label.anchor.chars
        starts = range(place, len(stream) - chars + 1)
        start = next(
            (
                at
                for at in starts
                if anchor_of(stream[at : at + chars], body_sha256) == label.anchor
            ),
            None,
        )
        if start is None:
            yield None, label.kind, chars
            continue
        place = start + chars
        for number, group in groupby(owner[start:place]):
            yield number, label.kind, len(list(group))


def _elect(
    votes: Sequence[Counter[BlockKind]], letters: Sequence[str]
) -> Iterator[BlockKind | None]:
    """The kind of most characters; for a block without any, that of both its neighbours, if one."""
    kinds = [counts.most_common(1)[0][0] if counts else None for counts in votes]
    known = [number for number, own in enumerate(letters) if own]
    for number, kind in enumerate(kinds):
        at = bisect_left(known, number)
        around = {kinds[neighbour] for neighbour in known[max(at - 1, 0) : at + 1]}
        yield kind if letters[number] or len(around) != 1 else around.pop()
