"""What an archive is made of: records, and bytes that gave none."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Protocol

from curation.sources.stream.window import Window
from schemas.page import LossReason

PAGE_RECORD_TYPES = frozenset({"response", "resource", "conversion"})
SKIPPED_RECORD_TYPES = frozenset(
    {"warcinfo", "filedesc", "request", "metadata", "revisit", "continuation"}
)
MAX_HEADER_BYTES = 1 << 20  # addresses in it run to tens of kilobytes (data: and signed ones)


@dataclass(frozen=True, slots=True)
class Record:
    """One record: where it starts in the file, its header fields, its block.

    The block of a record that cannot hold a page is left empty. ``mended`` says that its length
    was wrong and the block goes to where the next record begins; nothing proves that it is whole.
    ``length`` is how many bytes of the file it takes, None where others share its member.
    """

    offset: int
    header: Mapping[str, str]
    block: bytes
    mended: bool = False
    length: int | None = None

    @property
    def kind(self) -> str:
        """The record's type, in lower case."""
        return self.header.get("warc-type", "").lower()


@dataclass(frozen=True, slots=True)
class Unreadable:
    """Bytes that gave no record, or none to use, with the header if that much could be read."""

    offset: int
    reason: LossReason
    detail: str
    header: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class RecordHeader:
    """A record's header: its size in bytes, its fields, and what it says of the block's length."""

    size: int
    fields: Mapping[str, str]
    claimed: str

    @property
    def length(self) -> int | None:
        """The claimed length in bytes, or None if it is no number below 10^18."""
        is_number = self.claimed.isascii() and self.claimed.isdigit() and len(self.claimed) < 19  # noqa: PLR2004
        return int(self.claimed) if is_number else None


class RecordFormat(Protocol):
    """How records of one kind of archive look.

    ``start`` matches the beginning of a record, within ``start_bytes``, and hardly ever anything
    else; one of ``separators``, mostly the first, stands after a block.
    """

    start: re.Pattern[bytes]
    start_bytes: int
    separators: tuple[bytes, ...]

    def begins(self, data: bytes | bytearray, at: int = 0) -> bool:
        """Whether a record seems to begin here."""

    def is_cut(self, data: bytes) -> bool:
        """Whether this, the last of the data, can be the first bytes of a record."""

    def ends_block(self, after: bytes) -> bool:
        """Whether what follows a block shows that it ended."""

    def read_header(self, window: Window) -> RecordHeader | None:
        """The header that begins here; None if it does not end."""

    def unended_fields(self, window: Window) -> Mapping[str, str]:
        """The fields of a header that does not end."""


def may_hold_page(header: Mapping[str, str]) -> bool:
    """Whether the type of a record is one that can hold a page."""
    return header.get("warc-type", "").lower() in PAGE_RECORD_TYPES
