"""The digests in record headers."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Mapping


def sha1_digest(block: bytes) -> str:
    """The digest of a block, as WARC headers give it.

    >>> sha1_digest(b"")
    'sha1:3I42H3S6NNFQ2MSVX7XZKYAYSCX5QBYJ'
    """
    sha1 = hashlib.sha1(block, usedforsecurity=False).digest()
    return f"sha1:{base64.b32encode(sha1).decode()}"


def proves(header: Mapping[str, str], block: bytes) -> bool | None:
    """Whether the block digest of a header is that of a block; None if there is none to compare."""
    name, _, claimed = header.get("warc-block-digest", "").partition(":")
    if name.lower() != "sha1" or not claimed:
        return None
    sha1 = hashlib.sha1(block, usedforsecurity=False)
    as_written = {base64.b32encode(sha1.digest()).decode(), sha1.hexdigest().upper()}
    return claimed.upper() in as_written
