from dataclasses import replace

import pytest

from curation.sources.admission import SourceReason, admit
from schemas.page import Page
from schemas.verdict import Decision

PAGE = Page("id", "http://e.example/", "2024", "a.warc", 0, 200, "text/html", "", b"<p>x")


def test_html_xhtml_and_text_go_on():
    for kind in ("text/html", "application/xhtml+xml", "text/plain"):
        assert admit(replace(PAGE, content_type=kind)).decision is Decision.KEEP


def test_text_without_a_body_goes_on():
    assert (
        admit(replace(PAGE, content_type="text/plain", body=b"", text="文")).decision
        is Decision.KEEP
    )


@pytest.mark.parametrize(
    ("change", "reason", "words"),
    [
        ({"status": 404}, SourceReason.STATUS_NOT_200, "status 404"),
        ({"status": 206}, SourceReason.STATUS_NOT_200, "status 206"),
        ({"content_type": "image/png"}, SourceReason.NOT_HTML_OR_TEXT, "image/png"),
        ({"content_type": "text/dns"}, SourceReason.NOT_HTML_OR_TEXT, "text/dns"),
        ({"body": b""}, SourceReason.EMPTY_BODY, "0 bytes"),
        ({"body": b" \r\n\t"}, SourceReason.EMPTY_BODY, "4 bytes"),
        ({"content_type": "", "body": b"\x89PNG\r\n\x1a\n\0\0"}, SourceReason.BINARY_BODY, "PNG"),
        ({"content_type": "text/plain", "body": b"PK\3\4"}, SourceReason.BINARY_BODY, "PK"),
    ],
)
def test_other_pages_are_removed_with_reason_and_detail(change, reason, words):
    verdict = admit(replace(PAGE, **change))
    assert (verdict.decision, verdict.reason) == (Decision.REMOVE, reason)
    assert words in verdict.detail


@pytest.mark.parametrize("body", [b"<html>", b"words", "文".encode("gbk"), "文".encode("utf-16")])
def test_a_missing_type_is_sniffed(body):
    assert admit(replace(PAGE, content_type="", body=body)).decision is Decision.KEEP


@pytest.mark.parametrize("claim", ["utf-16", "utf-16le"])
def test_plain_text_that_says_it_is_utf16_is_not_taken_for_binary(claim):
    page = replace(PAGE, content_type="text/plain", body="ab".encode("utf-16-le"))
    assert admit(page).reason == SourceReason.BINARY_BODY
    assert admit(replace(page, http_charset=claim)).decision is Decision.KEEP


def test_html_with_stray_control_bytes_goes_on():
    assert admit(replace(PAGE, body=b"<p>\0\1")).decision is Decision.KEEP


def test_a_truncated_page_goes_on_unless_it_is_not_wanted():
    page = replace(PAGE, truncated="length")
    assert admit(page).decision is Decision.KEEP
    verdict = admit(page, remove_truncated=True)
    assert (verdict.decision, verdict.reason) == (Decision.REMOVE, SourceReason.TRUNCATED_BODY)
    assert verdict.detail == "length, after 4 bytes"
    assert admit(PAGE, remove_truncated=True).decision is Decision.KEEP
