"""An input is known by its date or by its content; digests are taken once."""

import hashlib
import os
from dataclasses import replace

import pytest

from curation.sources.inputs import identity
from curation.sources.inputs.expand import expand
from curation.sources.inputs.identity import LISTED, Identity, identify, known_input
from curation.sources.inputs.input_file import InputFile, RecordRange
from tests.curation.conftest import Bucket


@pytest.fixture
def path(tmp_path):
    path = tmp_path / "a.jsonl"
    path.write_bytes(b'{"text": "one"}\n')
    return path


def known(path, before=()):
    """The file as its content makes it known, and what a run keeps of it."""
    [file] = identify(expand([str(path)]), Identity.CONTENT, {one.path: one for one in before})
    return known_input(file)


def test_by_its_date_a_file_is_known_unopened(path):
    files = [InputFile(str(path.parent / "not there.warc"), 7, "then")]
    assert identify(files, Identity.MODIFIED, {}) == files


def test_a_file_that_was_touched_has_the_content_that_it_had(path):
    before = known(path)
    os.utime(path, (1, 1))
    after = known(path)
    assert before.modified != after.modified
    assert (
        before.content == after.content == f"sha256 {hashlib.sha256(path.read_bytes()).hexdigest()}"
    )
    assert after.difference_from(before) == ""


def test_other_content_of_the_same_size_and_date_is_other_content(path):
    os.utime(path, (1, 1))
    before = known(path)
    path.write_bytes(b'{"text": "two"}\n')
    os.utime(path, (1, 1))
    after = known(path, [before])
    assert (before.size, before.modified) == (after.size, after.modified)
    assert after.difference_from(before) == "other content"


def test_a_digest_is_taken_once_while_the_file_stays_as_it_is(path, monkeypatch):
    before = known(path)
    monkeypatch.setattr(identity, "_digest", lambda path: pytest.fail("was read again"))
    assert known(path, [before]) == before
    monkeypatch.setattr(identity, "_digest", lambda path: "read again")
    assert known(path, [replace(before, content="")]).content == "read again"
    path.write_bytes(b"other")
    assert known(path, [before]).content == "read again"


def test_compressed_bytes_are_what_is_digested(tmp_path):
    path = tmp_path / "a.warc.gz"
    path.write_bytes(b"no gzip at all")
    assert known(path).content == f"sha256 {hashlib.sha256(b'no gzip at all').hexdigest()}"


def test_records_that_a_list_names_are_known_by_what_the_list_says(tmp_path):
    file = InputFile("s3://nowhere/a.warc.gz", 9, "then", (RecordRange(0, 9),), ("a.cdx",))
    [listed] = identify([file], Identity.CONTENT, {})
    assert listed.content == LISTED
    other = replace(listed, ranges=(RecordRange(0, 5), RecordRange(5, 4)))
    assert known_input(other).difference_from(known_input(listed)) == "other records are listed"


def test_an_object_is_known_by_its_etag(s3_server, s3_environment):
    bucket = Bucket(s3_server, "identified")
    s3_environment(s3_server)
    for name, data in {"a.jsonl": b"one", "b.jsonl": b"one", "c.jsonl": b"two"}.items():
        bucket.put(name, data)
    one, same, other = (known(f"{bucket.uri}/{name}.jsonl").content for name in "abc")
    assert one == same == f'etag "{hashlib.md5(b"one").hexdigest()}"'
    assert other != one


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"size": 9_000}, "9,000 bytes, was 7"),
        ({"modified": "now"}, "changed now"),
        ({"content": "b", "modified": "now"}, "other content"),
        ({"content": "a", "modified": "now"}, ""),
        ({}, ""),
    ],
)
def test_a_difference_is_told_by_what_both_are_known_by(change, said):
    before = known_input(InputFile("a.warc", 7, "then"))
    if "content" in change:
        before = replace(before, content="a")
    assert replace(before, **change).difference_from(before) == said
