import pytest

from curation import storage


def test_a_file_written_whole_is_read_back(tmp_path):
    uri = str(tmp_path / "deep" / "file")
    storage.write_bytes(uri, b"bytes\0")
    assert storage.read_bytes(uri) == b"bytes\0"


def test_a_write_that_fails_leaves_the_old_file_and_no_scratch(tmp_path):
    uri = str(tmp_path / "file")
    storage.write_bytes(uri, b"old")
    with pytest.raises(RuntimeError), storage.scratch(uri) as path:
        path.write_bytes(b"half")
        raise RuntimeError
    assert storage.read_bytes(uri) == b"old"
    assert storage.list_names(str(tmp_path)) == ["file"]


def test_equal_bytes_get_equal_names_and_different_bytes_different_ones(tmp_path):
    names = []
    for content in (b"one", b"one", b"two"):
        with storage.scratch_file(str(tmp_path / "x")) as path:
            path.write_bytes(content)
            names.append(storage.publish_named(path, str(tmp_path), "part", ".bin", 1).name)
    assert names[0] == names[1] != names[2]
    assert storage.list_names(str(tmp_path)) == sorted({*names})


def test_files_below_a_folder_are_listed_relative_to_it(tmp_path):
    for name in ("b/2", "a/1", "0"):
        storage.write_bytes(str(tmp_path / name), b"")
    assert storage.list_files(str(tmp_path)) == ["0", "a/1", "b/2"]
    assert storage.list_files(str(tmp_path / "absent")) == []


def test_what_is_no_folder_has_no_names_in_it(tmp_path):
    (tmp_path / "file").write_bytes(b"")
    for name in ("file", "file/below", "absent"):
        assert storage.list_names(str(tmp_path / name)) == []


def test_a_folder_goes_with_all_it_holds_and_one_that_is_not_there_is_gone(tmp_path):
    storage.write_bytes(str(tmp_path / "a" / "b"), b"")
    storage.delete_folder(str(tmp_path / "a"))
    storage.delete_folder(str(tmp_path / "a"))
    assert storage.list_names(str(tmp_path)) == []


def test_a_file_that_is_moved_takes_the_place_of_one_that_is_there(tmp_path):
    one, other = str(tmp_path / "one"), str(tmp_path / "other")
    storage.write_bytes(one, b"1")
    storage.write_bytes(other, b"2")
    storage.move(one, other)
    assert storage.list_names(str(tmp_path)) == ["other"]
    assert storage.read_bytes(other) == b"1"
