"""The loaders of docs/loading.md, over sequences that are packed here."""

import re
from collections import Counter

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from curation.outputs.pack import Pack, pack_one
from models import tokenizer as tokenizers
from tests.packages import DOCS, Installer

torch = pytest.importorskip("torch", reason="the models extra is not installed")

MODULES = dict(
    re.findall(r"```python\n# (\w+)\.py\n(.*?)```", (DOCS / "loading.md").read_text(), re.DOTALL)
)
LENGTH = 64


@pytest.fixture(scope="module")
def tokenizer():
    return tokenizers.load()


@pytest.fixture(scope="module")
def folder(tmp_path_factory, tokenizer):
    """Some short documents and one that is longer than a sequence, packed."""
    home = tmp_path_factory.mktemp("packed")
    texts = [f"The {n}. 文档 of a crawl. " * (1 + n % 5) for n in range(30)]
    rows = [
        {"doc_id": f"{n:032x}", "copy": 0, "text": text}
        for n, text in enumerate([*texts, "word " * 150])
    ]
    pq.write_table(pa.Table.from_pylist(rows), home / "in.parquet")
    pack_one(0, str(home / "in.parquet"), str(home), Pack(sequence_length=LENGTH), tokenizer)
    return home


@pytest.fixture
def loader(tmp_path, monkeypatch):
    Installer(tmp_path, monkeypatch).module("packed_sequences", MODULES["packed_sequences"])
    import packed_sequences

    return packed_sequences


def rows(folder):
    return pq.read_table(folder / "packed-00000.parquet").to_pylist()


class Attention(torch.nn.Module):
    """One layer of a transformer with positions: enough to see what a token looks at."""

    def __init__(self, vocabulary):
        super().__init__()
        torch.manual_seed(0)
        self.tokens = torch.nn.Embedding(vocabulary, 16)
        self.places = torch.nn.Embedding(LENGTH, 16)
        self.mix = torch.nn.Linear(16, 48)

    def forward(self, ids, positions, mask):
        query, key, value = self.mix(self.tokens(ids) + self.places(positions)).chunk(3, -1)
        return torch.nn.functional.scaled_dot_product_attention(
            query[None], key[None], value[None], mask
        )[0]


def test_a_packed_document_is_to_a_model_what_it_is_alone(folder, loader, tokenizer):
    model = Attention(tokenizer.vocabulary_size)
    compared = 0
    for row, example in zip(rows(folder), loader.PackedSequences(folder), strict=True):
        mask = loader.attention_mask(example["cu_seqlens"])
        together = model(example["input_ids"], example["position_ids"], mask)
        for start, length in zip(row["piece_starts"], row["piece_lengths"], strict=True):
            ids = torch.tensor(row["input_ids"][start : start + length])
            causal = torch.ones(length, length, dtype=torch.bool).tril()
            alone = model(ids, torch.arange(length), causal)
            torch.testing.assert_close(together[start : start + length], alone)
            compared += 1
    assert compared > 30


def test_labels_are_the_next_tokens_of_the_same_document_and_nothing_else(folder, loader):
    learnt = Counter()
    for example in loader.PackedSequences(folder):
        kept = example["labels"] != loader.IGNORED
        learnt.update(example["labels"][kept].tolist())
        assert (example["labels"][:-1] == example["input_ids"][1:])[kept[:-1]].all()
    expected = Counter()
    for row in rows(folder):
        for start, length in zip(row["piece_starts"], row["piece_lengths"], strict=True):
            expected.update(row["input_ids"][start + 1 : start + length])
    assert learnt == expected
    assert expected[0] == 31  # each document's end is learnt, and no padding


def test_ranks_and_workers_share_the_sequences(folder, loader):
    whole = [example["input_ids"].tolist() for example in loader.PackedSequences(folder)]
    shares = [
        example["input_ids"].tolist()
        for rank in range(2)
        for example in torch.utils.data.DataLoader(
            loader.PackedSequences(folder, rank, 2), batch_size=None, num_workers=0
        )
    ]
    assert sorted(shares) == sorted(whole)
    assert shares != whole


def test_a_flattened_batch_keeps_the_boundaries(folder, loader):
    examples = list(loader.PackedSequences(folder))[:3]
    flat = loader.flatten(examples)
    assert flat["cu_seqlens"].dtype == torch.int32
    assert len(flat["input_ids"]) == 3 * LENGTH == flat["cu_seqlens"][-1]
    starts = [n * LENGTH + end for n in range(3) for end in examples[n]["cu_seqlens"][:-1].tolist()]
    assert flat["cu_seqlens"].tolist() == [*starts, 3 * LENGTH]
    assert (flat["position_ids"][flat["cu_seqlens"][:-1].long()] == 0).all()
    assert flat["max_seqlen"] == max(np.diff(flat["cu_seqlens"]))


@pytest.fixture(scope="module")
def megatron():
    return pytest.importorskip("megatron.core.datasets.gpt_dataset")


def test_megatron_core_draws_each_sequence_once_in_an_epoch(
    folder, megatron, tmp_path, monkeypatch, tokenizer
):
    Installer(tmp_path, monkeypatch).module("megatron_dataset", MODULES["megatron_dataset"])
    import megatron_dataset

    ids = megatron_dataset.Ids(tokenizer.eos_id, tokenizer.pad_id, tokenizer.vocabulary_size)
    packed = {tuple(row["input_ids"]): row for row in rows(folder)}
    drawn = megatron_dataset.one_epoch(
        [str(folder / "packed-00000")], ids, LENGTH, len(packed), str(tmp_path / "cache")
    )
    assert len(drawn) == len(packed)
    samples = [drawn[number] for number in range(len(drawn))]
    padded = [
        np.pad(row["input_ids"][: row["length"]], (0, LENGTH - row["length"])).tolist()
        for row in packed.values()
    ]
    assert sorted(sample["tokens"].tolist() for sample in samples) == sorted(padded)
    by_tokens = dict(zip(map(tuple, padded), packed.values(), strict=True))
    for sample in samples:
        row = by_tokens[tuple(sample["tokens"].tolist())]
        stretch = np.repeat(np.arange(len(row["cu_seqlens"]) - 1), np.diff(row["cu_seqlens"]))
        positions = np.concatenate([np.arange(n) for n in np.diff(row["cu_seqlens"])])
        length = row["length"]
        assert sample["position_ids"].tolist() == positions.tolist()
        ends = [end - 1 for end in row["cu_seqlens"][1:]]
        learnt = [0.0 if n in ends or n >= length else 1.0 for n in range(LENGTH)]
        assert sample["loss_mask"].tolist() == learnt
        hidden = sample["attention_mask"][0].numpy()
        allowed = np.tril(stretch[:, None] == stretch[None, :])
        assert (~hidden == allowed).all()


def test_megatron_core_takes_the_boundaries_of_a_flattened_batch(
    folder, megatron, loader, tmp_path, monkeypatch
):
    Installer(tmp_path, monkeypatch).module("megatron_dataset", MODULES["megatron_dataset"])
    import megatron_dataset

    flat = loader.flatten(list(loader.PackedSequences(folder)))
    made = megatron_dataset.packed(flat["cu_seqlens"], int(flat["max_seqlen"]))
    assert made.cu_seqlens_q.tolist()[-1] == len(flat["input_ids"])
