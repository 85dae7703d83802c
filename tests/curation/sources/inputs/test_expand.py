import os

import pytest
from pyarrow import fs

from curation.sources.inputs import expand as module
from curation.sources.inputs.expand import InputError, expand, glob_pattern, named
from tests.curation.sources.archives import page_record


@pytest.fixture
def crawl(tmp_path):
    names = [
        "b.warc.gz",
        "a/1.warc",
        "a/deep/2.wet.gz",
        "a/notes.txt",
        "t.parquet",
        ".x.warc",
        "l.jsonl.zst",
    ]
    for name in names:
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(name.encode())
    return tmp_path


def names(found, folder):
    return [os.path.relpath(file.path, folder) for file in found]


def test_a_folder_is_searched_for_archives(crawl):
    found = names(expand([str(crawl)]), crawl)
    assert found == ["a/1.warc", "a/deep/2.wet.gz", "b.warc.gz"]


def test_tables_are_taken_from_a_folder_without_archives(tmp_path):
    for name in ("t.parquet", "l.jsonl.zst", "readme.md"):
        (tmp_path / name).write_bytes(b"")
    assert names(expand([str(tmp_path)]), tmp_path) == ["l.jsonl.zst", "t.parquet"]


def test_record_lists_are_taken_from_a_folder_without_archives_and_tables(tmp_path):
    archive = tmp_path / "crawl" / "a.warc"
    archive.parent.mkdir()
    archive.write_bytes(page_record(1))
    (tmp_path / "lists").mkdir()
    (tmp_path / "lists" / "a.cdxj").write_text('{"filename": "a.warc", "offset": 0, "length": 9}\n')
    (file,) = expand([str(tmp_path / "lists")], str(archive.parent))
    assert (file.path, file.size) == (str(archive), 9)


def test_a_glob_may_name_archives_and_record_lists_together(tmp_path):
    for name in ("a.warc", "b.warc"):
        (tmp_path / name).write_bytes(page_record(1))
    (tmp_path / "c.cdxj").write_text('{"filename": "b.warc", "offset": 0, "length": 9}\n')
    (tmp_path / "d.cdxj").write_text('{"filename": "e.warc", "offset": 0, "length": 9}\n')
    found = expand([f"{tmp_path}/*"])
    assert names(found, tmp_path) == ["a.warc", "b.warc", "e.warc"]
    assert [bool(file.ranges) for file in found] == [False, False, True]


def test_a_named_file_is_taken_whatever_its_suffix(crawl):
    (file,) = expand([str(crawl / "a/notes.txt")])
    assert file.size == len("a/notes.txt")
    assert file.modified.endswith("+00:00")


def test_globs_stay_in_a_folder_unless_they_have_two_stars(crawl):
    assert names(expand([f"{crawl}/a/*.warc"]), crawl) == ["a/1.warc"]
    assert names(expand([f"{crawl}/**/*.wet.gz"]), crawl) == ["a/deep/2.wet.gz"]


def test_a_file_named_several_ways_is_read_once(crawl, monkeypatch):
    monkeypatch.chdir(crawl)
    ways = [
        "b.warc.gz",
        "./b.warc.gz",
        f"{crawl}/b.warc.gz",
        f"file://{crawl}/b.warc.gz",
        "b.*.gz",
        "a/../b.warc.gz",
    ]
    assert names(expand(ways), crawl) == ["b.warc.gz"]


def test_the_order_of_inputs_does_not_matter(crawl):
    one, two = str(crawl / "b.warc.gz"), str(crawl / "a")
    assert expand([one, two]) == expand([two, one])


def test_a_changed_file_is_another_input(crawl):
    before = expand([str(crawl / "b.warc.gz")])
    os.utime(crawl / "b.warc.gz", (1, 1))
    assert expand([str(crawl / "b.warc.gz")]) != before


def test_a_name_with_wildcard_letters_that_exists_is_no_glob(crawl):
    odd = crawl / "a[1].warc"
    odd.write_bytes(b"")
    assert names(expand([str(odd)]), crawl) == ["a[1].warc"]


@pytest.mark.parametrize(
    ("pattern", "taken", "left"),
    [
        ("[1]", "1", "[]2"),
        ("[13]", "13", "2"),
        ("[!1]", "23", "1"),
        ("?", "1]", "/"),
        ("[", "[", "1"),
    ],
)
def test_wildcards_of_a_store_are_those_of_a_shell(pattern, taken, left):
    for letter, is_taken in [*((one, True) for one in taken), *((one, False) for one in left)]:
        found = glob_pattern(f"s3://b/{pattern}.warc").fullmatch(f"s3://b/{letter}.warc")
        assert (found is not None) is is_taken, letter


def test_a_file_of_a_store_that_tells_no_time_has_none(monkeypatch):
    class Store:
        def get_file_info(self, _):
            return [fs.FileInfo("bucket/a.warc", fs.FileType.File, size=3)]

    monkeypatch.setattr(module, "resolve", lambda _: (Store(), "bucket/a.warc"))
    (file,) = expand(["s3://bucket/a.warc"])
    assert (file.path, file.size, file.modified) == ("s3://bucket/a.warc", 3, "")


def test_files_are_named_again_by_themselves_or_by_the_lists_that_named_them(tmp_path):
    for name in ("a.warc", "b.warc"):
        (tmp_path / name).write_bytes(page_record(1))
    (tmp_path / "l.cdxj").write_text('{"filename": "b.warc", "offset": 0, "length": 9}\n')
    found = expand([str(tmp_path / "a.warc"), str(tmp_path / "l.cdxj")])
    assert named(found) == [str(tmp_path / "a.warc"), str(tmp_path / "l.cdxj")]
    assert expand(named(found)) == found


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ("gone.warc", "no such file or folder: gone.warc"),
        ("gone/*.warc", "no file matches gone/*.warc"),
        ("a/deep/nothing", "no such file"),
        ("empty", "the folder empty holds no archive, table or record list: name files"),
        ("", "an input is empty"),
        ("nowhere://a/b.warc", "cannot list nowhere://a/b.warc"),
    ],
)
def test_an_input_that_names_nothing_is_one_line_that_says_what_to_do(
    crawl, monkeypatch, given, words
):
    monkeypatch.chdir(crawl)
    (crawl / "empty").mkdir()
    with pytest.raises(InputError) as error:
        expand([str(crawl / "b.warc.gz"), given])
    assert words in str(error.value)
    assert "\n" not in str(error.value)


def test_no_input_is_an_error():
    with pytest.raises(InputError, match="no input"):
        expand([])


def test_nothing_of_spark_is_imported():
    import subprocess
    import sys

    modules = "curation.sources.inputs.expand, curation.sources.reader"
    code = f"import sys, {modules}; print('pyspark' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"
