"""Records are read back by type, and what is no record is one clear error."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import ClassVar

import pytest
from pydantic import JsonValue

from curation.errors import RecordError
from curation.storage.records import Former, from_values, read_record, to_text, write_record


class Colour(StrEnum):
    RED = "red"


@dataclass(frozen=True)
class Leaf:
    name: str
    size: float = 1.5


@dataclass(frozen=True)
class Tree:
    format_version: ClassVar[int] = 3
    remedy: ClassVar[str] = "plant another"

    leaves: tuple[Leaf, ...]
    by_colour: Mapping[Colour, Leaf]
    settings: Mapping[str, JsonValue]
    ratio: int | float = 0
    notes: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True)
class FirstTree:
    leaves: tuple[str, ...]


TREE = Tree(
    (Leaf("Blatt 叶"), Leaf("b", 2.0)),
    {Colour.RED: Leaf("c")},
    {"a": [1, 2.5, None, {"b": "x"}], "c": True},
    ratio=7,
)
FORMERS = {1: Former(FirstTree, lambda first: Tree(tuple(map(Leaf, first.leaves)), {}, {}))}


def test_a_record_is_read_back_as_it_was(tmp_path):
    write_record(str(tmp_path / "tree.json"), TREE)
    again = read_record(str(tmp_path / "tree.json"), Tree)
    assert again == TREE
    assert isinstance(again.ratio, int)
    assert isinstance(next(iter(again.by_colour)), Colour)


def test_where_no_file_is_there_is_no_record(tmp_path):
    assert read_record(str(tmp_path / "absent.json"), Tree) is None


def test_equal_records_are_equal_bytes_that_tell_their_version():
    text = to_text(TREE)
    assert text == to_text(
        Tree(TREE.leaves, TREE.by_colour, dict(reversed(TREE.settings.items())), 7)
    )
    assert json.loads(text)["format_version"] == 3
    assert "叶" in text


def test_a_record_of_a_former_version_is_upgraded(tmp_path):
    (tmp_path / "tree.json").write_text('{"leaves": ["a", "b"]}')
    found = read_record(str(tmp_path / "tree.json"), Tree, FORMERS)
    assert found == Tree((Leaf("a"), Leaf("b")), {}, {})


WHOLE = to_text(TREE)


@pytest.mark.parametrize(
    ("content", "fault"),
    [
        ("", "EOF while parsing"),
        ("{}", "leaves: Field required"),
        ("[]", "object"),
        ("null", "object"),
        ("7", "object"),
        ("not JSON", "Invalid JSON"),
        ('{"leaves": 3}', "leaves: "),
        ('{"leaves": [3]}', r"leaves\.0: "),
        (WHOLE.replace('"red"', '"green"'), r"by_colour\.green"),
        (WHOLE.replace("2.0", '"2.0"'), r"leaves\.1\.size: "),
        (WHOLE.replace(": 3", ': "3"'), "format_version: "),
        (WHOLE.replace(": 3", ": 0"), "format_version: "),
    ],
)
def test_a_damaged_file_is_one_error_that_names_it_and_says_what_to_do(tmp_path, content, fault):
    path = tmp_path / "tree.json"
    path.write_text(content)
    with pytest.raises(
        RecordError, match=rf"tree\.json: is damaged \(.*{fault}.*\): plant"
    ) as error:
        read_record(str(path), Tree, FORMERS)
    assert "\n" not in str(error.value)


def test_a_file_that_is_cut_anywhere_is_damaged(tmp_path):
    path = tmp_path / "tree.json"
    whole = WHOLE.rstrip().encode()
    for end in range(len(whole)):
        path.write_bytes(whole[:end])
        with pytest.raises(RecordError, match="is damaged"):
            read_record(str(path), Tree, FORMERS)


@pytest.mark.parametrize(
    "edit",
    [
        lambda text: text.replace('"ratio": 7', '"ratio": 8'),
        lambda text: text.replace("叶", "葉"),
        lambda text: text.replace('"checksum"', '"Checksum"'),
        lambda text: json.dumps({k: v for k, v in json.loads(text).items() if k != "checksum"}),
    ],
)
def test_a_file_that_was_edited_is_damaged(tmp_path, edit):
    path = tmp_path / "tree.json"
    write_record(str(path), TREE)
    edited = edit(path.read_text())
    assert edited != path.read_text()
    path.write_text(edited)
    with pytest.raises(RecordError, match=r"is damaged \(its checksum is another\): plant another"):
        read_record(str(path), Tree, FORMERS)


@pytest.mark.slow
def test_no_flipped_bit_is_read_as_another_record(tmp_path):
    path = tmp_path / "tree.json"
    write_record(str(path), TREE)
    whole = path.read_bytes()
    for bit in range(len(whole) * 8):
        flipped = bytearray(whole)
        flipped[bit // 8] ^= 1 << bit % 8
        path.write_bytes(flipped)
        try:
            assert read_record(str(path), Tree, FORMERS) == TREE  # white space, a former version
        except RecordError:
            continue


def test_a_file_of_a_newer_version_is_not_taken_for_damaged(tmp_path):
    (tmp_path / "tree.json").write_text('{"format_version": 4, "roots": []}')
    with pytest.raises(RecordError, match=r"newer version of this project \(format 4.*upgrade"):
        read_record(str(tmp_path / "tree.json"), Tree, FORMERS)


def test_plain_values_become_a_dataclass():
    assert from_values({"name": "a", "size": 2}, Leaf) == Leaf("a", 2.0)
    with pytest.raises(ValueError, match="size"):
        from_values({"name": "a", "size": "2"}, Leaf)
