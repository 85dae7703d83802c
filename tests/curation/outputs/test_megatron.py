import struct

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from curation.outputs.megatron import IndexedDatasetWriter, index_bytes, read_sequences, token_type

BUSY = settings(deadline=None, max_examples=40, suppress_health_check=[HealthCheck.too_slow])
"""The machine may be busy: no test fails for being slow."""


def write(prefix, sequences, vocabulary_size):
    with prefix.with_suffix(".bin").open("wb") as stream:
        writer = IndexedDatasetWriter(stream, token_type(vocabulary_size))
        for ids in sequences:
            writer.add(np.array(ids))
    prefix.with_suffix(".idx").write_bytes(writer.index())


@BUSY
@given(st.lists(st.lists(st.integers(0, 65_000), min_size=1, max_size=9), max_size=9))
def test_sequences_come_back(tmp_path_factory, sequences):
    prefix = tmp_path_factory.mktemp("packed") / "packed"
    write(prefix, sequences, 65_499)
    assert [list(ids) for ids in read_sequences(prefix)] == sequences


@pytest.mark.parametrize(("size", "kind"), [(65_499, "uint16"), (65_500, "int32")])
def test_large_vocabularies_take_four_bytes(size, kind):
    assert token_type(size).name == kind


def test_the_index_is_laid_out_as_megatron_core_reads_it():
    data = index_bytes([3, 2], token_type(100))
    assert data[:9] == b"MMIDIDX\x00\x00"
    assert struct.unpack("<QBQQ", data[9:34]) == (1, 8, 2, 3)
    assert np.frombuffer(data, "<i4", 2, 34).tolist() == [3, 2]
    assert np.frombuffer(data, "<i8", 2, 42).tolist() == [0, 6]
    assert np.frombuffer(data, "<i8", 3, 58).tolist() == [0, 1, 2]
    assert len(data) == 82


@pytest.mark.parametrize("vocabulary_size", [1_000, 150_000])
def test_megatron_core_reads_what_we_write(tmp_path, vocabulary_size):
    oracle = pytest.importorskip(
        "megatron.core.datasets.indexed_dataset", reason="megatron-core is not installed"
    )
    chance = np.random.default_rng(0)
    sequences = [chance.integers(0, vocabulary_size, size) for size in (8192, 1, 17, 8192)]
    write(tmp_path / "packed", sequences, vocabulary_size)
    dataset = oracle.IndexedDataset(str(tmp_path / "packed"))
    assert len(dataset) == 4
    assert dataset.document_indices.tolist() == [0, 1, 2, 3, 4]
    for number, ids in enumerate(sequences):
        assert dataset[number].tolist() == ids.tolist()


def test_our_bytes_are_those_that_megatron_core_writes(tmp_path):
    oracle = pytest.importorskip(
        "megatron.core.datasets.indexed_dataset", reason="megatron-core is not installed"
    )
    import torch

    sequences = [[1, 2, 3], [4], [5, 6]]
    write(tmp_path / "ours", sequences, 1_000)
    builder = oracle.IndexedDatasetBuilder(str(tmp_path / "theirs.bin"), dtype=np.uint16)
    for ids in sequences:
        builder.add_document(torch.tensor(ids), [len(ids)])
    builder.finalize(str(tmp_path / "theirs.idx"))
    for suffix in (".bin", ".idx"):
        ours = (tmp_path / "ours").with_suffix(suffix).read_bytes()
        assert ours == (tmp_path / "theirs").with_suffix(suffix).read_bytes()


def test_a_file_that_is_no_index_is_refused(tmp_path):
    (tmp_path / "packed.idx").write_bytes(b"PAR1" * 20)
    with pytest.raises(ValueError, match="not an index"):
        read_sequences(tmp_path / "packed")
