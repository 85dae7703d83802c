"""Small archives made by hand, so that every byte of them is known."""

import gzip
from collections.abc import Callable, Mapping, Sequence

import pyarrow as pa
import zstandard

PACKINGS: Mapping[str, Callable[[bytes], bytes]] = {
    "": bytes,
    ".gz": lambda data: gzip.compress(data, mtime=0),
    ".zst": lambda data: pa.compress(data, codec="zstd", asbytes=True),
    ".lz4": lambda data: pa.compress(data, codec="lz4", asbytes=True),
}


def record(
    block: bytes,
    *,
    kind: str = "response",
    number: int = 0,
    content_type: str = "application/http; msgtype=response",
    length: int | None = None,
    version: str = "1.0",
    more: str = "",
) -> bytes:
    """A WARC record."""
    claimed = len(block) if length is None else length
    head = (
        f"WARC/{version}\r\nWARC-Type: {kind}\r\nWARC-Target-URI: http://e.example/{number}\r\n"
        f"WARC-Date: 2024-01-01T00:00:00Z\r\nWARC-Record-ID: <urn:uuid:{number}>\r\n{more}"
        f"Content-Type: {content_type}\r\nContent-Length: {claimed}\r\n\r\n"
    )
    return head.encode() + block + b"\r\n\r\n"


def http(
    body: bytes, *, status: str = "200 OK", content_type: str = "text/html", more: str = ""
) -> bytes:
    """An HTTP response."""
    return f"HTTP/1.1 {status}\r\nContent-Type: {content_type}\r\n{more}\r\n".encode() + body


def page_record(number: int) -> bytes:
    """A record with a page that no other number has; its bytes do not compress to nothing."""
    body = b"<html>" + " ".join(str(number * 7919 + i * i) for i in range(20)).encode() + b"</html>"
    return record(http(body), number=number)


def members(records: Sequence[bytes], packing: str) -> list[bytes]:
    """Each record packed by itself."""
    return [PACKINGS[packing](each) for each in records]


def with_dictionary(records: Sequence[bytes], *, packed: bool) -> list[bytes]:
    """A dictionary frame, its dictionary packed or not, and a frame for each record that needs it.

    As the IIPC's Zstandard Compression for WARC Files has it.
    """
    dictionary = zstandard.train_dictionary(2048, [page_record(number) for number in range(300)])
    packer = zstandard.ZstdCompressor(dict_data=dictionary, write_checksum=True)
    data = dictionary.as_bytes()
    if packed:
        data = zstandard.compress(data)
    head = b"\x5d\x2a\x4d\x18" + len(data).to_bytes(4, "little") + data
    return [head, *(packer.compress(each) for each in records)]
