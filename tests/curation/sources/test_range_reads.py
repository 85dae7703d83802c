"""Record lists in place of files: the pages that reading the whole files would give."""

import gzip
import itertools
import json

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from curation.sources.inputs.expand import InputError, expand, named
from curation.sources.inputs.input_file import RecordRange
from curation.sources.inputs.splits import split
from curation.sources.range_reads import read_ranges
from curation.sources.reader import SourceOptions, read
from curation.sources.warc import read_warc
from schemas.page import Loss, LossReason
from tests.curation.sources.archives import PACKINGS, members, page_record, record, with_dictionary

NAMES = ("b/two.warc.gz", "one.warc.gz")


@pytest.fixture
def crawl(tmp_path):
    """Two archives, and where each of their records lies: (name, offset, length, url)."""
    entries = []
    for base, name in enumerate(NAMES):
        path = tmp_path / "crawl" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        packed = members([page_record(10 * base + number) for number in range(5)], ".gz")
        path.write_bytes(b"".join(packed))
        for number, member in enumerate(packed):
            offset = sum(map(len, packed[:number]))
            entries.append((name, offset, len(member), f"http://e.example/{10 * base + number}"))
    return tmp_path, entries


def write_cdxj(path, entries):
    lines = ["!meta {}\n"]
    for name, offset, length, url in entries:
        entry = {"url": url, "filename": name, "offset": str(offset), "length": str(length)}
        lines.append(f"example,e)/ 20240101000000 {json.dumps(entry)}\n")
    path.write_text("".join(lines))


def write_cdx(path, entries):
    lines = [" CDX N b a m s k r M S V g\n"]
    for name, offset, length, url in entries:
        lines.append(f"example,e)/ 2024 {url} text/html 200 AAAA - - {length} {offset} {name}\n")
    path.write_bytes(gzip.compress("".join(lines).encode()))


def write_parquet(path, entries):
    names = ("warc_filename", "warc_record_offset", "warc_record_length", "url")
    columns = {
        name: list(values) for name, values in zip(names, zip(*entries, strict=True), strict=True)
    }
    pq.write_table(pa.table(columns), path)


def range_of(entry):
    return RecordRange(entry[1], entry[2])


def ranges_of(members):
    """Where each of some members of a file lies in it."""
    ends = itertools.accumulate(map(len, members))
    return [
        RecordRange(end - len(each), len(each)) for end, each in zip(ends, members, strict=True)
    ]


WRITERS = {"list.cdxj": write_cdxj, "list.cdx.gz": write_cdx, "list.parquet": write_parquet}


def pages_of(files, max_bytes=1 << 20):
    splits = [(file.path, each) for file in files for each, _ in split(file, max_bytes)]
    return [item for path, each in splits for item in read(path, SourceOptions(), each)]


@pytest.mark.parametrize("name", WRITERS)
def test_a_list_gives_the_pages_that_it_names_in_the_order_of_the_files(crawl, name):
    folder, entries = crawl
    chosen = [entries[8], entries[1], entries[3], entries[5], entries[1]]
    WRITERS[name](folder / name, chosen)
    files = expand([str(folder / name)], str(folder / "crawl"))
    assert [file.path for file in files] == [str(folder / "crawl" / name) for name in NAMES]
    assert [file.ranges for file in files] == [
        (range_of(entries[1]), range_of(entries[3])),
        (range_of(entries[5]), range_of(entries[8])),
    ]
    wanted = {entry[3] for entry in chosen}
    whole = pages_of(expand([str(folder / "crawl")]))
    assert pages_of(files) == [page for page in whole if page.url in wanted]


def test_the_parts_of_a_list_do_not_matter(crawl):
    folder, entries = crawl
    write_cdxj(folder / "list.cdxj", entries)
    files = expand([str(folder / "list.cdxj")], str(folder / "crawl"))
    together, apart = pages_of(files), pages_of(files, max_bytes=1)
    assert together == apart
    assert len(together) == 10
    assert [len(split(file, 1)) for file in files] == [5, 5]
    assert sum(size for file in files for _, size in split(file, 300)) == sum(e[2] for e in entries)


def test_archives_lie_beside_their_list_unless_another_folder_is_given(crawl):
    folder, entries = crawl
    write_cdxj(folder / "crawl" / "list.cdxj", entries[:1])
    (file,) = expand([str(folder / "crawl" / "list.cdxj")])
    assert file.path == str(folder / "crawl" / NAMES[0])
    write_cdxj(folder / "crawl" / "remote.cdxj", entries[:1])
    (file,) = expand([str(folder / "crawl" / "remote.cdxj")], "s3://crawl/")
    assert file.path == f"s3://crawl/{NAMES[0]}"


def test_a_file_that_is_named_itself_is_read_whole(crawl):
    folder, entries = crawl
    write_cdxj(folder / "list.cdxj", entries[:1] + entries[-1:])
    files = expand(
        [str(folder / "list.cdxj"), str(folder / "crawl" / NAMES[0])], str(folder / "crawl")
    )
    assert [bool(file.ranges) for file in files] == [False, True]
    assert named(files) == [str(folder / "crawl" / NAMES[0]), str(folder / "list.cdxj")]


def test_the_lists_are_what_to_name_to_get_the_files_again(crawl):
    folder, entries = crawl
    write_cdxj(folder / "a.cdxj", entries[:3])
    write_cdxj(folder / "b.cdxj", entries[2:4])
    files = expand([f"{folder}/?.cdxj"], str(folder / "crawl"))
    assert named(files) == [str(folder / "a.cdxj"), str(folder / "b.cdxj")]
    assert expand(named(files), str(folder / "crawl")) == files
    assert len(files[0].ranges) == 4


@pytest.mark.parametrize("packing", PACKINGS)
def test_records_of_any_packing_are_read_by_range(tmp_path, packing):
    records = [page_record(0), record(b"x", kind="request"), page_record(2)]
    packed = members(records, packing)
    path = tmp_path / f"a.warc{packing}"
    path.write_bytes(b"".join(packed))
    reader = read_ranges(str(path), ranges_of(packed))
    assert list(reader) == list(read_warc(str(path)))
    assert reader.skipped == {"request": 1}


@pytest.mark.parametrize("packed", [False, True])
def test_records_that_need_their_files_dictionary_are_read_by_range(tmp_path, packed):
    frames = with_dictionary([page_record(number) for number in range(3)], packed=packed)
    path = tmp_path / "a.warc.zst"
    path.write_bytes(b"".join(frames))
    items = list(read_ranges(str(path), ranges_of(frames)[1:]))
    assert items == list(read_warc(str(path)))
    assert len(items) == 3


@pytest.mark.parametrize(
    ("shift", "longer", "reason"),
    [
        (1, 0, LossReason.NOT_WHERE_LISTED),
        (100_000, 0, LossReason.NOT_WHERE_LISTED),
        (0, -30, LossReason.TRUNCATED_FILE),
        (0, 50, None),
    ],
)
def test_a_wrong_range_is_a_loss_and_costs_no_other(crawl, shift, longer, reason):
    folder, entries = crawl
    path = str(folder / "crawl" / NAMES[0])
    ranges = list(map(range_of, entries[:5]))
    ranges[2] = RecordRange(ranges[2].offset + shift, ranges[2].length + longer)
    items = list(read_ranges(path, ranges))
    assert len(items) == 5
    losses = [item for item in items if isinstance(item, Loss)]
    assert [loss.reason for loss in losses] == ([reason] if reason else [])
    assert all(loss.offset == ranges[2].offset for loss in losses)


def test_a_record_as_large_as_no_page_may_be_is_not_read(crawl):
    folder, entries = crawl
    path = str(folder / "crawl" / NAMES[0])
    items = list(read_ranges(path, [range_of(entries[0]), RecordRange(entries[1][1], 1 << 60)]))
    assert [str(getattr(item, "reason", "")) for item in items] == ["", "body_too_large"]


def test_a_list_of_nothing_is_an_error(tmp_path):
    (tmp_path / "a.cdxj").write_text("!meta {}\n")
    with pytest.raises(InputError, match=r"a\.cdxj: names no record"):
        expand([str(tmp_path / "a.cdxj")])


def test_each_range_of_a_file_that_is_not_there_is_a_loss(tmp_path):
    ranges = [RecordRange(0, 10), RecordRange(10, 10)]
    losses = list(read_ranges(str(tmp_path / "gone.warc.gz"), ranges))
    assert [(loss.offset, str(loss.reason)) for loss in losses] == [
        (0, "unreadable_file"),
        (10, "unreadable_file"),
    ]


@pytest.mark.parametrize(
    ("name", "text", "words"),
    [
        ("a.cdxj", "com,e)/ 2024 {}\n", "line 1 does not say where"),
        ("a.cdxj", "!x\ncom,e)/ 2024 nothing\n", "line 2 does not say where"),
        ("a.cdxj", '{"filename": "a", "offset": -1, "length": 5}', "line 1"),
        ("a.cdxj", '{"filename": "a", "offset": 2199023255552, "length": 5}', "line 1"),
        ("a.cdxj", '{"filename": "a", "offset": Infinity, "length": 5}', "line 1"),
        ("a.cdxj", '{"a": ' + "[" * 200_000 + "}", "line 1"),
        ("a.cdx", " CDX N b a m s k r V g\na b c d e f g 1 n\n", "line 2"),
        ("a.cdx.gz", "not gzip", "line 1"),
    ],
)
def test_a_line_that_names_no_record_is_an_error_with_its_number(tmp_path, name, text, words):
    (tmp_path / name).write_text(text)
    with pytest.raises(InputError) as error:
        expand([str(tmp_path / name)])
    assert words in str(error.value)
    assert "\n" not in str(error.value)


def test_a_row_that_names_no_record_is_an_error_with_its_number(crawl):
    folder, entries = crawl
    write_parquet(folder / "list.parquet", [entries[0], ("a.warc.gz", None, 7, "u")])
    with pytest.raises(InputError, match="row 1 names no record"):
        expand([str(folder / "list.parquet")])


def test_a_table_of_texts_is_no_list(tmp_path):
    pq.write_table(pa.table({"text": ["words"]}), tmp_path / "t.parquet")
    (file,) = expand([str(tmp_path / "t.parquet")])
    assert not file.ranges


def test_a_table_of_texts_that_says_where_they_came_from_is_no_list(crawl):
    folder, entries = crawl
    write_parquet(folder / "list.parquet", entries)
    table = pq.read_table(folder / "list.parquet")
    pq.write_table(table.append_column("body", table["url"]), folder / "t.parquet")
    (file,) = expand([str(folder / "t.parquet")], body_columns=("html", "body"))
    assert file.path.endswith("t.parquet")
    assert expand([str(folder / "t.parquet")], str(folder))[0].ranges


def test_real_records_are_read_by_range(real_data):
    path = str(real_data / "warc" / "real" / "aut-example.warc.gz")
    whole = list(read_warc(path))
    starts = sorted({page.offset for page in whole})
    size = (real_data / "warc" / "real" / "aut-example.warc.gz").stat().st_size
    ends = [*starts[1:], size]
    ranges = [RecordRange(start, end - start) for start, end in zip(starts, ends, strict=True)]
    assert list(read_ranges(path, ranges)) == whole
    exact = [RecordRange(page.offset, page.length) for page in whole]
    assert list(read_ranges(path, exact)) == whole
