from curation.sources.inputs.expand import expand
from curation.sources.inputs.input_file import InputFile
from curation.sources.inputs.splits import split
from curation.sources.reader import SourceOptions, read
from tests.curation.sources.archives import members, page_record


def test_only_large_gzip_archives_are_split():
    def ranges(name, size):
        pieces = split(InputFile(name, size, ""), 100)
        return [(each.start, each.end, length) for each, length in pieces]

    assert ranges("a.warc.gz", 100) == [(0, None, 100)]
    assert ranges("a.warc.gz", 201) == [(0, 100, 100), (100, 200, 100), (200, None, 1)]
    assert ranges("a.warc.gz", 0) == [(0, None, 0)]
    assert ranges("a.warc.zst", 1000) == ranges("a.jsonl.gz", 1000) == [(0, None, 1000)]


def test_the_ranges_of_a_split_give_the_whole(tmp_path):
    path = tmp_path / "a.warc.gz"
    path.write_bytes(b"".join(members([page_record(number) for number in range(9)], ".gz")))
    (file,) = expand([str(path)])
    parts = [list(read(str(path), SourceOptions(), each)) for each, _ in split(file, 500)]
    assert [page for part in parts for page in part] == list(read(str(path), SourceOptions()))
    assert len([part for part in parts if part]) > 3
