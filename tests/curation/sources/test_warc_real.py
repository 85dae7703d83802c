"""Every record of every real archive is accounted for, by a count that shares no code with ours."""

import base64
import gzip
import hashlib
import json
import re
import zlib
from collections import Counter
from pathlib import Path

import pyarrow as pa
import pytest

from curation.sources.admission import SourceReason, admit
from curation.sources.warc import read_warc
from schemas.page import Loss, LossReason, Page
from schemas.verdict import Decision

D, T = LossReason.DAMAGED_RECORD, LossReason.TRUNCATED_FILE
H = LossReason.BAD_HTTP_HEADER

# What each file gives: pages, records that hold none, and losses as (reason, offset).
EXPECTED = {
    "built/zh-en-public.warc.gz": (206, 1, []),
    "edge/aut-badexample.arc.gz": (4, 1, [(T, 4)]),
    "edge/ccnet-sample.wet.txt": (0, 1, [(D, 617), (D, 1310), (D, 1959)]),
    "edge/jwarc-gzip_extra_sl.warc.gz": (0, 1, []),
    "edge/resiliparse-block-sized-records.warc": (0, 3, []),
    "edge/resiliparse-block-sized-records.warc.gz": (0, 3, []),
    "edge/resiliparse-block-sized-records.warc.lz4": (0, 3, []),
    "edge/resiliparse-clipped.warc.gz": (0, 0, [(T, 0)]),
    "edge/warcio-bad.arc": (0, 0, [(D, 0), (D, 134), (H, 202), (D, 262)]),
    "edge/warcio-example-bad-non-chunked.warc.gz": (1, 5, []),
    "edge/warcio-example-bad.warc.gz.bad": (2, 4, []),
    "edge/warcio-example-digest.warc": (0, 4, []),
    "edge/warcio-example-iana.org-chunked.warc": (1, 2, []),
    "edge/warcio-example-resource.warc.gz": (1, 2, []),
    "edge/warcio-example-space-in-target-uri.warc.gz": (1, 1, []),
    "edge/warcio-example-space-in-url.arc": (0, 1, [(T, 151)]),
    "edge/warcio-example-trunc.warc": (1, 3, []),
    "edge/warcio-example-wget-bad-target-uri.warc.gz": (3, 3, []),
    "edge/warcio-example-wrong-chunks.warc.gz": (1, 1, []),
    "edge/warcio-example.arc": (1, 1, []),
    "edge/warcio-example.arc.gz": (1, 1, []),
    "edge/warcio-example.warc": (1, 5, []),
    "edge/warcio-example.warc.gz": (1, 5, []),
    "edge/warcio-post-test.warc.gz": (3, 3, []),
    "real/aut-example.warc.gz": (299, 523, []),
    "real/cc-main-2020-34-head.warc": (16, 34, []),
    "real/cc-main-2020-34-head.warc.gz": (16, 34, []),
    "real/cc-main-2020-34-head.warc.lz4": (16, 34, []),
    "real/dolma-sample-0000.warc.gz": (24, 24, []),
    "real/dupes-revisit.warc.gz": (3, 22, []),
    "real/iana.warc.gz": (48, 295, []),
    "real/transfer_compression_brotli.warc.gz": (2, 3, []),
    "real/transfer_compression_gzip.warc.gz": (2, 3, []),
    "real/transfer_compression_none.warc.gz": (2, 3, []),
    "real/whirlwind.warc": (1, 3, []),
    "real/whirlwind.warc.gz": (1, 3, []),
    "real/whirlwind.warc.wat": (0, 2, []),
    "real/whirlwind.warc.wat.gz": (0, 2, []),
    "real/whirlwind.warc.wet": (1, 1, []),
    "real/whirlwind.warc.wet.gz": (1, 1, []),
}


def unpack(path: Path) -> bytes:
    """All bytes of an archive that a plain decoder gives, up to a cut."""
    data = path.read_bytes()
    if data.startswith(b"\x04\x22\x4d\x18"):
        return pa.CompressedInputStream(pa.BufferReader(data), "lz4").read()
    if not data.startswith(b"\x1f\x8b"):
        return data
    try:
        return gzip.decompress(data)
    except EOFError:
        return zlib.decompressobj(31).decompress(data)


def scan(data: bytes) -> Counter:
    """Record types, by nothing but the version lines and the first type line after each.

    In an ARC file, by lines of the form that ends in an address, a date, a type and a length.
    """
    if data.startswith(b"filedesc:"):
        lines = re.findall(rb"(?m)^(\w+):\S.* [\d.]+ (?:\d{14}\d*|null) \S+ \S+$", data)
        return Counter("filedesc" if scheme == b"filedesc" else "response" for scheme in lines)
    starts = re.finditer(rb"(?:\A|\n)WARC/\d\.\d+\r?\n((?:[\w-]+: .*\n)+)", data)
    types = (re.search(rb"(?im)^WARC-Type: *(\w+)", start[1]) for start in starts)
    return Counter(found[1].decode().lower() for found in types)


def account(path: Path):
    reader = read_warc(str(path))
    items = list(reader)
    pages = [item for item in items if isinstance(item, Page)]
    return reader, pages, [item for item in items if isinstance(item, Loss)]


def test_every_file_is_expected(real_data):
    folder = real_data / "warc"
    files = {str(path.relative_to(folder)) for path in folder.glob("*/*")}
    assert files - {"built/zh-en-public.manifest.jsonl"} == set(EXPECTED)


@pytest.mark.parametrize("name", EXPECTED)
def test_a_real_archive_is_accounted_for(real_data, name):
    path = real_data / "warc" / name
    reader, pages, losses = account(path)
    expected_pages, expected_skipped, expected_losses = EXPECTED[name]
    assert len(pages) == expected_pages
    assert reader.skipped.total() == expected_skipped
    assert [(loss.reason, loss.offset) for loss in losses] == expected_losses

    found = scan(unpack(path))
    holding = {"response", "resource", "conversion"}
    lost = [loss for loss in losses if loss.detail.partition(" ")[0] in found]
    assert len(pages) + reader.skipped.total() + len(lost) == found.total()
    lost_pages = [loss for loss in lost if loss.detail.partition(" ")[0] in holding]
    assert len(pages) + len(lost_pages) == sum(found[kind] for kind in holding)
    assert all(loss.url for loss in lost_pages)

    offsets = [item.offset for item in (*pages, *losses)]
    assert len(set(offsets)) == len(offsets)
    assert all(item.source == str(path) for item in (*pages, *losses))


def test_the_bodies_are_those_of_the_original_pages(real_data):
    folder = real_data / "warc" / "built"
    lines = (folder / "zh-en-public.manifest.jsonl").read_text("utf-8").splitlines()
    manifest = [json.loads(line) for line in lines]
    _, pages, _ = account(folder / "zh-en-public.warc.gz")
    digests = [hashlib.sha256(page.body).hexdigest() for page in pages]
    assert Counter(digests) == Counter(row["sha256"] for row in manifest)
    claimed = {row["sha256"]: row["http_charset_synthetic"] or "" for row in manifest}
    assert all(
        page.http_charset == claimed[digest].lower()
        for page, digest in zip(pages, digests, strict=True)
    )


@pytest.mark.parametrize("name", ["aut-example.warc.gz", "iana.warc.gz", "dupes-revisit.warc.gz"])
def test_bodies_have_the_digest_that_the_crawler_took(real_data, name):
    path = real_data / "warc" / "real" / name
    _, pages, _ = account(path)
    taken = re.findall(rb"WARC-Type: response\r\n(?:.+\r\n)*?\r\n", unpack(path))
    digests = [re.search(rb"Payload-Digest: sha1:(\w+)", head) for head in taken]
    by_url = {page.url: page for page in pages}
    compared = 0
    for head, digest in zip(taken, digests, strict=True):
        url = re.search(rb"Target-URI: (\S+)", head)[1].decode()
        if digest and sum(page.url == url for page in pages) == 1:
            body = by_url[url].body
            sha1 = hashlib.sha1(body, usedforsecurity=False).digest()
            assert base64.b32encode(sha1) == digest[1]
            compared += 1
    assert compared > 1


def test_one_page_in_three_encodings_has_one_body(real_data):
    names = [f"real/transfer_compression_{coding}.warc.gz" for coding in ("none", "gzip", "brotli")]
    bodies = [account(real_data / "warc" / name)[1][0].body for name in names]
    assert b"<html" in bodies[0]
    assert bodies[1] == bodies[0]
    assert bodies[2] == bodies[0]


def test_packings_of_the_same_crawl_give_the_same_pages(real_data):
    folder = real_data / "warc" / "real"
    packings = [
        [(page.doc_id, page.body) for page in account(path)[1]]
        for path in sorted(folder.glob("cc-main-2020-34-head.warc*"))
    ]
    assert len(packings) == 3
    assert packings[0] == packings[1] == packings[2]


def test_what_is_not_admitted_has_a_reason_that_is_true(real_data):
    _, pages, _ = account(real_data / "warc" / "real" / "aut-example.warc.gz")
    verdicts = Counter(verdict.reason for verdict in map(admit, pages))
    assert verdicts[SourceReason.STATUS_NOT_200] == sum(page.status != 200 for page in pages)
    kept = [page for page in pages if admit(page).decision is Decision.KEEP]
    assert all(page.content_type in {"text/html", "text/plain"} for page in kept)
    assert len(kept) == verdicts[""]
    assert len(kept) > 100


def test_a_record_with_a_wrong_length_and_a_right_digest_is_whole(real_data):
    (page,) = account(real_data / "warc" / "edge" / "warcio-example-trunc.warc")[1]
    assert page.truncated == ""
    assert page.body.rstrip().endswith(b"</html>")


def test_an_arc_file_gives_the_page_that_the_same_crawl_gives_as_warc(real_data):
    folder = real_data / "warc" / "edge"
    (plain,) = account(folder / "warcio-example.arc")[1]
    (packed,) = account(folder / "warcio-example.arc.gz")[1]
    (warc,) = account(folder / "warcio-example.warc")[1]
    assert (plain.body, plain.doc_id) == (packed.body, packed.doc_id)
    assert plain.body == warc.body
    assert (plain.url, plain.date) == ("http://example.com/", "2014-02-16T05:02:21Z")
