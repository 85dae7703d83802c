"""One table says what can be read: every name in it is found, read and split as it says."""

import io
import itertools
import json
import re
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from curation.sources.formats import ARC, FORMATS, JSONL, PARQUET, WET, FileKind, format_of
from curation.sources.inputs.expand import InputError, expand
from curation.sources.inputs.splits import split
from curation.sources.reader import SourceOptions, read
from curation.sources.stream.compression import SUFFIXES
from tests.curation.sources.archives import PACKINGS, http, page_record, record

DOCS = Path(__file__).parents[3] / "docs" / "stages" / "source.md"
NAMES = [
    (file_format, suffix, ending)
    for file_format in FORMATS
    for suffix in file_format.suffixes
    for ending, compression in SUFFIXES.items()
    if compression in file_format.compressions
]
EACH_NAME = pytest.mark.parametrize(
    ("file_format", "suffix", "ending"), NAMES, ids=[f"{each[1]}{each[2]}" for each in NAMES]
)
COUNT = 6
URLS = [f"http://e.example/{number}" for number in range(COUNT)]


def arc_record(number):
    block = http(f"<html>{number * 7919}</html>".encode())
    head = f"{URLS[number]} 10.0.0.1 20240101000000 text/html {len(block)}\n"
    return head.encode() + block + b"\n"


def wet_record(number):
    return record(b"words", kind="conversion", content_type="text/plain", number=number)


def parquet():
    file = io.BytesIO()
    pq.write_table(pa.table({"url": URLS, "text": ["words"] * COUNT}), file)
    return file.getvalue()


def write(folder, file_format, suffix, ending):
    """A file of six pages, or a list that names the six records of an archive elsewhere."""
    path = folder / "crawl" / f"a{suffix}{ending}"
    path.parent.mkdir()
    if file_format.kind is FileKind.RECORD_LIST:
        (folder / "a.warc").write_bytes(b"".join(map(page_record, range(COUNT))))
        records = list_lines(file_format.name)
    elif file_format is PARQUET:
        records = [parquet()]
    elif file_format is JSONL:
        records = [json.dumps({"url": url, "text": "words"}).encode() + b"\n" for url in URLS]
    else:
        make = {ARC: arc_record, WET: wet_record}.get(file_format, page_record)
        records = [make(number) for number in range(COUNT)]
    path.write_bytes(b"".join(map(PACKINGS[ending], records)))
    return path


def list_lines(name):
    offset = 0
    for number in range(COUNT):
        length = len(page_record(number))
        entry = {"filename": "../a.warc", "offset": offset, "length": length}
        cdx = f"key 2024 {URLS[number]} - - - - - {length} {offset} ../a.warc\n"
        yield (cdx if name == "CDX" else f"key 2024 {json.dumps(entry)}\n").encode()
        offset += length


@EACH_NAME
def test_a_file_is_found_in_a_folder_and_read(tmp_path, file_format, suffix, ending):
    path = write(tmp_path, file_format, suffix, ending)
    (file,) = expand([str(path.parent)])
    pages = [p for part, _ in split(file, 1 << 30) for p in read(file.path, SourceOptions(), part)]
    assert [page.url for page in pages] == URLS


@EACH_NAME
def test_a_file_is_read_in_ranges_where_its_format_says_so(tmp_path, file_format, suffix, ending):
    path = write(tmp_path, file_format, suffix, ending)
    (file,) = expand([str(path)])
    parts = [
        [page.url for page in read(file.path, SourceOptions(), part)]
        for part, _ in split(file, file.size // 3 + 1)
    ]
    assert list(itertools.chain(*parts)) == URLS
    can_split = SUFFIXES[ending] in file_format.split_compressions
    are_several = can_split or file_format.kind is FileKind.RECORD_LIST
    assert (len(list(filter(None, parts))) > 1) == are_several


def test_a_name_in_capital_letters_is_the_same_format():
    assert format_of("A.JSONLINES.GZ") is JSONL
    assert format_of("A.PQ") is PARQUET


def test_a_name_that_only_looks_like_one_is_no_format():
    assert {format_of(name) for name in ("warc", "a.parquet.gz", "a.warc.bz2", "a.xarc")} == {None}


def test_the_error_for_a_folder_without_any_names_every_suffix(tmp_path):
    with pytest.raises(InputError) as error:
        expand([str(tmp_path)])
    named = set(re.findall(r"\.\w+", str(error.value).partition("end in")[2]))
    suffixes = {suffix for file_format in FORMATS for suffix in file_format.suffixes}
    assert named == suffixes | set(SUFFIXES) - {""}


def test_the_docs_list_is_the_table():
    table = DOCS.read_text("utf-8").partition("| format |")[2].partition("\n\n")[0]
    rows = [row.strip("| ").split(" | ") for row in table.splitlines()[2:]]
    assert [[re.match(r"\w+", row[0])[0], *row[1:4]] for row in rows] == [
        [
            file_format.name,
            ", ".join(f"`{suffix}`" for suffix in file_format.suffixes),
            ", ".join(file_format.compressions),
            ", ".join(file_format.split_compressions) or "no",
        ]
        for file_format in FORMATS
    ]
