"""Lines of a decoded stream, with a cap on their length."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from curation.sources.stream.events import DecodingFault, Events


@dataclass(frozen=True, slots=True)
class LongLine:
    """A line that was passed over, for its length in bytes."""

    size: int


def read_lines(events: Events, max_line_bytes: int) -> Iterator[bytes | LongLine | DecodingFault]:
    """Each line without its end. A line cut by a fault is given up with the fault."""
    pending = bytearray()
    passed = 0
    for event in events:
        if isinstance(event, DecodingFault):
            pending.clear()
            passed = 0
            yield event
            continue
        *whole, rest = event.data.split(b"\n")
        for line in whole:
            pending += line
            yield _line(pending, passed, max_line_bytes)
            pending.clear()
            passed = 0
        pending += rest
        if len(pending) > max_line_bytes:
            passed += len(pending)
            pending.clear()
    if pending or passed:
        yield _line(pending, passed, max_line_bytes)


def _line(pending: bytearray, passed: int, max_line_bytes: int) -> bytes | LongLine:
    size = passed + len(pending)
    return LongLine(size) if size > max_line_bytes else bytes(pending)
