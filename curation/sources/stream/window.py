"""A window over a decoded stream, which knows where in the file its bytes come from."""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Iterator

from curation.sources.stream.events import DecodingFault, Events

_NEWLINES = re.compile(rb"[\r\n]*")


class Window:
    """The bytes of one segment, what lies between two faults, from the current position on.

    ``fault`` is what ended the segment, once the window has reached it. Memory is bounded by what
    callers ask for, plus one piece.
    """

    def __init__(self, events: Events, *, linear: bool) -> None:
        self._events = events
        self._linear = linear
        self._finished = False
        self.buffer = bytearray()
        self.fault: DecodingFault | None = None
        self.ended = False
        self.base = 0  # position of buffer[0] in the decoded stream
        self.searched = 0  # position up to which the end of a header was looked for in vain
        self._marks: deque[tuple[int, int]] = deque()  # (position, file offset) of member starts

    def fill(self, size: int) -> bool:
        """Have ``size`` bytes in the window; False if the segment ends before."""
        while len(self.buffer) < size:
            if not self._pull():
                return False
        return True

    def drop(self, size: int) -> None:
        """Move the window on."""
        del self.buffer[:size]
        self.base += size
        while len(self._marks) > 1 and self._marks[1][0] <= self.base:
            self._marks.popleft()

    def copy(self, start: int, end: int) -> bytes:
        """A part of the window as bytes of their own."""
        with memoryview(self.buffer) as view:
            return bytes(view[start:end])

    def offset(self) -> int:
        """Where in the file the window starts: the byte, or the start of its member."""
        if not self._marks:
            return 0
        position, offset = self._marks[0]
        return offset + self.base - position if self._linear else offset

    def extent(self, first: int, last: int) -> int | None:
        """How many bytes of the file the window has up to a part of it where a member ends.

        None if none ends there or the window begins within one; without members, ``last``.
        """
        if self._linear:
            return last
        if not self._marks or self._marks[0][0] != self.base:
            return None
        ends = (offset for place, offset in self._marks if first <= place - self.base <= last)
        return next((end - self._marks[0][1] for end in ends), None)

    def starts_in(self, first: int, last: int) -> Iterator[int]:
        """Where members start within a part of the window, both ends included."""
        for position, _ in self._marks:
            start = position - self.base
            if start > last:
                return
            if start >= first:
                yield start

    def holds_faulted_member(self) -> bool:
        """Whether the window begins with the very member that the fault is about."""
        if self.fault is None or not self._marks:
            return False
        position, offset = self._marks[-1]
        return position == self.base and offset == self.fault.offset

    def skip_newlines(self) -> bool:
        """Pass over line ends; False if the segment has nothing else."""
        while True:
            blank = _NEWLINES.match(self.buffer)
            self.drop(blank.end() if blank else 0)
            if self.buffer:
                return True
            if not self._pull():
                return False

    def find(self, pattern: re.Pattern[bytes], start: int, stop: int, overlap: int) -> int | None:
        """The first match that begins in a part of the window, which grows as it is searched.

        ``overlap`` is at least the length of a match. The window reaches ``overlap`` past ``stop``
        at most, and less if something is found before or the segment ends.
        """
        while True:
            found = pattern.search(self.buffer, start)
            if found:
                return found.start() if found.start() < stop else None
            start = max(start, len(self.buffer) - overlap)
            if start >= stop or not self._pull():
                return None

    def seek(self, pattern: re.Pattern[bytes], overlap: int, limit: int | None = None) -> int:
        """Move to the next match, at most ``limit`` bytes on, holding little; give the distance.

        ``overlap`` is at least the length of a match.
        """
        moved = 0
        while True:
            found = pattern.search(self.buffer)
            step = found.start() if found else max(0, len(self.buffer) - overlap)
            if limit is not None and moved + step >= limit:
                step = limit - moved
                self.drop(step)
                return limit
            self.drop(step)
            moved += step
            if found:
                return moved
            if not self._pull():
                rest = len(self.buffer) if limit is None else min(len(self.buffer), limit - moved)
                self.drop(rest)
                return moved + rest

    def next_segment(self) -> bool:
        """Go past the fault; False if nothing follows."""
        self.drop(len(self.buffer))
        self._marks.clear()
        self.fault, self.ended = None, self._finished
        return not self._finished

    def _pull(self) -> bool:
        if self.ended:
            return False
        event = next(self._events, None)
        if event is None or isinstance(event, DecodingFault):
            self._finished = event is None
            self.fault, self.ended = event, True
            return False
        if event.starts:
            self._marks.append((self.base + len(self.buffer), event.offset))
        self.buffer += event.data
        return True
