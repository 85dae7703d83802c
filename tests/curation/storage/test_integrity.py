"""A file that is gone, cut or changed is one error that names it."""

import random

import pyarrow as pa
import pytest

from curation.errors import DamageError
from curation.storage import StoredFile, publish_named
from curation.storage.integrity import find_damage, refuse_changed, refuse_damaged
from curation.storage.parquet import open_parquet, parquet_writer

TABLE = pa.table(
    {
        "doc_id": [f"{number:08x}" for number in range(900)],
        "text": [f"some words of text {number * 7919 % 1000} " * 5 for number in range(900)],
        "measures": [{"words": number, "lines": [number]} for number in range(900)],
    }
)


@pytest.fixture
def made(tmp_path):
    """A folder and the description of a file in it."""
    path = tmp_path / "new"
    with parquet_writer(path, TABLE.schema) as writer:
        for start in range(0, 900, 300):
            writer.write_table(TABLE.slice(start, 300))
    return str(tmp_path), publish_named(path, str(tmp_path), "part-00000", ".parquet", 900)


def path_of(made):
    folder, file = made
    return f"{folder}/{file.name}"


def damage(made, *, deep=False):
    return [str(fault) for fault in find_damage(made[0], [made[1]], deep=deep)]


def overwrite(made, change):
    with open(path_of(made), "rb") as stream:  # noqa: PTH123 - a URI that is a path
        data = bytearray(stream.read())
    data = change(data) or data
    with open(path_of(made), "wb") as stream:  # noqa: PTH123
        stream.write(data)


def flip(bit):
    def change(data):
        data[bit // 8] ^= 1 << bit % 8

    return change


def test_a_file_as_it_was_written_is_whole(made):
    assert damage(made) == damage(made, deep=True) == []
    refuse_damaged(made[0], [made[1]])
    refuse_changed(path_of(made), made[1].sha256)


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        (lambda data: data[:-1], "bytes, was written with"),
        (lambda data: data[:1], "has 1 bytes"),
        (lambda data: bytes(len(data)), "is damaged"),
    ],
)
def test_a_file_that_is_cut_or_without_a_footer_is_damaged(made, change, fault):
    overwrite(made, change)
    [found] = damage(made)
    assert fault in found
    assert found.startswith(path_of(made))
    assert found.endswith("`curate repair` makes it again")
    with pytest.raises(DamageError, match="curate repair"):
        refuse_damaged(made[0], [made[1]])


def test_a_file_that_is_gone_is_damaged(made):
    absent = StoredFile("decision=keep/absent.parquet", 1, 1, "00")
    assert "is gone" in damage((made[0], absent))[0]
    with pytest.raises(DamageError, match="is gone"), open_parquet(f"{made[0]}/absent.parquet"):
        pass
    with pytest.raises(DamageError, match="is gone"):
        refuse_changed(f"{made[0]}/absent.parquet", "00")


def test_no_flipped_bit_is_read_as_other_rows(made):
    rows = TABLE.to_pylist()
    whole = open(path_of(made), "rb").read()  # noqa: PTH123, SIM115
    draw = random.Random(1)
    found = {"damaged": 0, "the same": 0}
    for _ in range(300):
        overwrite(made, flip(draw.randrange(len(whole) * 8)))
        with pytest.raises(DamageError, match="bytes that were written"):
            refuse_changed(path_of(made), made[1].sha256)
        assert damage(made, deep=True)
        try:
            with open_parquet(path_of(made)) as parquet:
                assert parquet.read().to_pylist() == rows
            found["the same"] += 1  # in what says where dictionaries and statistics are
        except DamageError:
            found["damaged"] += 1
        overwrite(made, lambda _: whole)
    assert found["damaged"] > 200


def test_what_a_block_raises_itself_is_no_damage(made):
    with pytest.raises(ValueError, match="mine"), open_parquet(path_of(made)):
        raise ValueError("mine")
    with pytest.raises(PermissionError), open_parquet(path_of(made)):
        raise PermissionError(13, "denied")
