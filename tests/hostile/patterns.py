"""Regular expressions taken apart: what in one can take more than linear time.

A pattern that is tried on n characters takes n^2 steps and more where two repetitions without a
bound can share out the same characters in many ways, and what comes after them fails:

* *nested*: ``(?:a+)*b``, a repetition in a repetition, whose turns do not begin with a character
  that ends the one before;
* *neighbours*: ``\\s*x?\\s*b``, with nothing between them that one of them must stop at;
* *leading*: ``\\s+$``, searched for, which goes on to the same end from every place.

Characters stand for their classes: those of ``ALPHABET`` are tried.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from re import _compiler as compiler  # type: ignore[attr-defined]
from re import _constants as codes  # type: ignore[attr-defined]
from re import _parser as parser  # type: ignore[attr-defined]
from typing import Any, TypeAlias

ALPHABET = (
    "".join(map(chr, range(9, 128))) + "\x01\x85\xa0\xc3\xe9\xffſ中か한　“…，。\u2028٣\U0001f600"
)
UNBOUNDED = 10_000
"""A repetition of more is taken for one without a bound; fewer are a factor, if a large one."""

Characters: TypeAlias = frozenset[str]
ANY: Characters = frozenset(ALPHABET)
Items: TypeAlias = Sequence[tuple[Any, Any]]
REPEATS = (codes.MAX_REPEAT, codes.MIN_REPEAT, codes.POSSESSIVE_REPEAT)
COMPOUND = (codes.SUBPATTERN, codes.BRANCH, codes.ATOMIC_GROUP, *REPEATS)
NO_WIDTH = (codes.AT, codes.ASSERT, codes.ASSERT_NOT)


@dataclass(frozen=True, slots=True)
class Piece:
    """An item of a sequence: which characters it may hold, begin with, and how often it repeats."""

    held: Characters
    first: Characters
    may_be_empty: bool
    is_unbounded: bool
    gives_back: bool


def faults(
    pattern: str | bytes, flags: int = 0, used_by: Collection[str] = ("search",)
) -> list[str]:
    """The names of what is wrong with a pattern, if anything is, for the methods that use it.

    One that is matched at a place that is given is not begun everywhere, so that it may lead with
    a repetition; one that must match the whole text may fail behind all that it holds.
    """
    if isinstance(pattern, bytes):
        pattern = pattern.decode("latin-1")
    tree = parser.parse(pattern, flags)
    reader = _Reader(tree.state.flags)
    found = set(reader.nested(tree.data))
    found |= set(reader.neighbours(tree.data, can_fail="fullmatch" in used_by))
    if not set(used_by) <= {"match", "fullmatch"} and reader.leading(tree.data):
        found.add("leading")
    return sorted(found)


class _Reader:
    def __init__(self, flags: int) -> None:
        self._flags = flags & (re.IGNORECASE | re.ASCII | re.DOTALL)

    def pieces(self, items: Items) -> list[Piece]:
        return [self._piece(item) for item in items if item[0] not in NO_WIDTH]

    def nested(self, items: Items) -> Iterator[str]:
        """A repetition whose turns can be shared out anew."""
        for code, argument in items:
            for inner in _inside(code, argument):
                yield from self.nested(inner)
            if code not in REPEATS or code is codes.POSSESSIVE_REPEAT or not _is_endless(argument):
                continue
            turn = self.pieces(_flat(argument[2]))
            loose = [piece for piece in turn if piece.is_unbounded and piece.gives_back]
            inner_endless = loose or list(_endless(argument[2]))
            if inner_endless and not self._parts_turns(turn):
                yield "nested"

    def _parts_turns(self, turn: Sequence[Piece]) -> bool:
        """Whether something must be there that begins where no endless piece can go on."""
        endless = _union(piece.held for piece in turn if piece.is_unbounded)
        return any(
            not (piece.may_be_empty or piece.is_unbounded or piece.first & endless)
            for piece in turn
        )

    def neighbours(self, items: Items, *, can_fail: bool) -> Iterator[str]:
        """Two repetitions of a sequence that can hold the same, with what may fail behind them."""
        flat = _flat(items)
        for place, item in enumerate(flat):
            behind = any(_may_fail(later, self) for later in flat[place + 1 :]) or can_fail
            for inner in _inside(*item):
                yield from self.neighbours(inner, can_fail=behind or item[0] in REPEATS)
        kept = [item for item in flat if item[0] not in NO_WIDTH or _may_fail(item, self)]
        for place, item in enumerate(kept):
            if item[0] in NO_WIDTH:
                continue
            one = self._piece(item)
            if not (one.is_unbounded and one.gives_back):
                continue
            for later, other in enumerate(kept[place + 1 :], place + 1):
                meets, passes = self._meeting(one, [other])
                if meets and (can_fail or any(_may_fail(i, self) for i in kept[later + 1 :])):
                    yield "neighbours"
                if not passes:
                    break

    def _meeting(self, one: Piece, items: Items) -> tuple[bool, bool]:
        """Whether what a repetition holds can go on into another in ``items``, and past them."""
        meets = False
        for code, argument in _flat(items):
            if code in NO_WIDTH:
                continue
            piece = self._piece((code, argument))
            insides = list(_inside(code, argument))
            if code in REPEATS and len(insides[0]) == 1 and insides[0][0][0] not in COMPOUND:
                meets = meets or (piece.is_unbounded and bool(piece.held & one.held))
                passes = piece.may_be_empty or bool(piece.first & one.held)
            elif insides:
                ways = [self._meeting(one, inside) for inside in insides]
                meets = meets or any(way[0] for way in ways)
                passes = piece.may_be_empty or any(way[1] for way in ways)
            else:
                passes = piece.may_be_empty or bool(piece.held & one.held)
            if not passes:
                return meets, False
        return meets, True

    def leading(self, items: Items) -> bool:
        """Whether it begins with a repetition, and may fail behind that."""
        flat = _flat(items)
        for place, item in enumerate(flat):
            if item[0] is codes.BRANCH:
                return any(self.leading([*branch, *flat[place + 1 :]]) for branch in item[1][1])
            if item[0] in NO_WIDTH:
                if item[0] is codes.AT and item[1] in (
                    codes.AT_BEGINNING,
                    codes.AT_BEGINNING_STRING,
                ):
                    return False
                if item[0] in (codes.ASSERT, codes.ASSERT_NOT) and item[1][0] < 0:
                    return False  # a start that looks back is not every place of a run
                continue
            piece = self._piece(item)
            rest = flat[place + 1 :]
            if piece.is_unbounded:
                return any(_may_fail(later, self) for later in rest)
            if not piece.may_be_empty:
                following = self.pieces(rest)
                # a+b as "a a* b": each place of a run of them begins anew.
                return bool(
                    following
                    and following[0].is_unbounded
                    and piece.held <= following[0].held
                    and any(_may_fail(later, self) for later in rest[1:])
                )
        return False

    def _piece(self, item: tuple[Any, Any]) -> Piece:
        code, argument = item
        inside = list(_inside(code, argument))
        if code in REPEATS:
            turn = [self._piece(i) for i in _flat(argument[2]) if i[0] not in NO_WIDTH]
            return Piece(
                _union(p.held for p in turn),
                _first(turn),
                argument[0] == 0 or all(p.may_be_empty for p in turn),
                _is_endless(argument) or any(p.is_unbounded for p in turn),
                code is not codes.POSSESSIVE_REPEAT,
            )
        if inside and code is not codes.ATOMIC_GROUP:
            branches = [self.pieces(_flat(branch)) for branch in inside]
            every = [piece for branch in branches for piece in branch]
            return Piece(
                _union(p.held for p in every),
                _union(_first(branch) for branch in branches),
                any(all(p.may_be_empty for p in branch) for branch in branches),
                any(p.is_unbounded for p in every),
                any(p.gives_back for p in every if p.is_unbounded),
            )
        if code is codes.ATOMIC_GROUP:
            turn = self.pieces(_flat(argument))
            empty = all(p.may_be_empty for p in turn)
            return Piece(
                _union(p.held for p in turn),
                _first(turn),
                empty,
                any(p.is_unbounded for p in turn),
                False,
            )
        if code is codes.GROUPREF:
            return Piece(ANY, ANY, True, False, False)
        held = self._characters(code, argument)
        return Piece(held, held, False, False, False)

    def _characters(self, code: Any, argument: Any) -> Characters:
        if code is codes.LITERAL and not self._flags & re.IGNORECASE:
            return frozenset(chr(argument))
        return _held(repr((code, argument)), self._flags, ((code, argument),))


_known: dict[tuple[str, int], Characters] = {}


def _held(name: str, flags: int, items: Items) -> Characters:
    """The characters of the alphabet that one item matches."""
    if (name, flags) not in _known:
        state = parser.State()
        state.flags, state.str = flags, ""
        matches = compiler.compile(parser.SubPattern(state, list(items)), flags).match
        _known[name, flags] = frozenset(filter(matches, ALPHABET))
    return _known[name, flags]


def _union(sets: Any) -> Characters:
    return frozenset().union(*sets)


def _first(turn: Sequence[Piece]) -> Characters:
    found: set[str] = set()
    for piece in turn:
        found |= piece.first
        if not piece.may_be_empty:
            break
    return frozenset(found)


def _is_endless(repeat: Any) -> bool:
    return repeat[1] is codes.MAXREPEAT or repeat[1] > UNBOUNDED


def _endless(items: Items) -> Iterator[Any]:
    for code, argument in items:
        if code in REPEATS and code is not codes.POSSESSIVE_REPEAT and _is_endless(argument):
            yield argument
        for inner in _inside(code, argument):
            yield from _endless(inner)


def _flat(items: Any) -> list[tuple[Any, Any]]:
    """The items, those of groups among them."""
    found: list[tuple[Any, Any]] = []
    for code, argument in items:
        if code is codes.SUBPATTERN:
            found += _flat(argument[3])
        else:
            found.append((code, argument))
    return found


def _inside(code: Any, argument: Any) -> Iterator[Items]:
    if code in REPEATS:
        yield argument[2]
    elif code is codes.SUBPATTERN:
        yield argument[3]
    elif code is codes.BRANCH:
        yield from argument[1]
    elif code in (codes.ASSERT, codes.ASSERT_NOT):
        yield argument[1]
    elif code is codes.ATOMIC_GROUP:
        yield argument


def _may_fail(item: tuple[Any, Any], reader: _Reader) -> bool:
    """Whether it can be that nothing matches it."""
    if item[0] in NO_WIDTH:
        return True
    return not reader._piece(item).may_be_empty
