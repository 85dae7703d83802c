"""What is no base to train from, and what rows documents become."""

import shutil

import pytest

from models.finetuning.examples import Example, Head, Reads
from models.finetuning.settings import TrainingSettings
from models.finetuning.trainee import load_trainee
from models.transformer.checkpoint import find_checkpoint
from tests.models.finetuning.bases import DECODER, ENCODER, save_base

pytestmark = pytest.mark.torch

QUALITY = Head("quality", ("good", "poor"), Reads.TEXT)
CLUTTER = Head("clutter", ("clutter", "main"), Reads.LINES)
TEXTS = ["The mill stands by the river.\nIts wheel turns.", "水车在河边。"] * 9


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    pytest.importorskip("transformers")
    return save_base(tmp_path_factory.mktemp("bases") / "made", DECODER, TEXTS)


@pytest.fixture
def base(made, tmp_path):
    return shutil.copytree(made, tmp_path / "base")


def load(folder, *heads, max_tokens=64):
    settings = TrainingSettings(max_tokens=max_tokens)
    return load_trainee(find_checkpoint(str(folder)), heads or [QUALITY], settings, "cpu")


def test_weights_in_a_pickle_are_refused(base):
    (base / "model.safetensors").rename(base / "pytorch_model.bin")
    with pytest.raises(ValueError, match=r"pytorch_model.bin is a pickle"):
        load(base)


def test_a_folder_without_weights_is_refused(base):
    (base / "model.safetensors").unlink()
    with pytest.raises(ValueError, match="is not a checkpoint that can be loaded"):
        load(base)


def test_weights_that_are_cut_short_are_refused(base):
    weights = base / "model.safetensors"
    weights.write_bytes(weights.read_bytes()[:-100])
    with pytest.raises(ValueError, match="is not a checkpoint that can be loaded"):
        load(base)


def test_a_tokenizer_with_more_tokens_than_the_model_is_refused(base, tmp_path):
    other = save_base(tmp_path / "other", DECODER, TEXTS, tokens=270)
    shutil.copy(other / "config.json", base)
    shutil.copy(other / "model.safetensors", base)
    with pytest.raises(ValueError, match=r"tokens up to \d+, its word embeddings \d+ rows"):
        load(base)


def example(text, title=""):
    lines = tuple(line for line in text.split("\n") if line.strip())
    answers = {"clutter": tuple(n % 2 for n in range(len(lines)))}
    return Example("a", "site", "en", title, text, lines, {"quality": 1}, answers)


def rows_of(base, heads, *found, max_tokens=64):
    reader = load(base, *heads, max_tokens=max_tokens).reader
    return reader.rows(list(found)), reader


def test_a_text_is_read_at_its_end_and_cut_behind_the_last_token(base):
    [short, long], reader = rows_of(base, [QUALITY], example("mill"), example(TEXTS[0] * 99))
    assert short.tokens.tolist() == reader.tokens.tokenizer("mill")["input_ids"]
    assert short.reads["quality"].places == (len(short.tokens) - 1,)
    assert len(long.tokens) == 64


def test_an_empty_text_is_one_token(base):
    [row], reader = rows_of(base, [QUALITY], example(""))
    assert row.tokens.tolist() == [reader.padding]


@pytest.mark.parametrize("text", ["river " * 2_000_000, "x" * (1 << 20), " " * (1 << 20) + "a"])
def test_a_huge_text_or_line_is_cut_before_it_becomes_tokens(base, text):
    for heads in ([QUALITY], [CLUTTER], [QUALITY, CLUTTER]):
        rows, _ = rows_of(base, heads, example(text))
        assert all(0 < len(row.tokens) <= 257 for row in rows)
        assert sum(len(read.answers) for row in rows for read in row.reads.values()) == len(heads)


def test_lines_beyond_a_window_go_on_in_another(base):
    text = "\n".join(f"line {n} of the mill" for n in range(30))
    rows, reader = rows_of(base, [CLUTTER], example(text))
    assert len(rows) > 1
    assert all(len(row.tokens) <= 64 for row in rows)
    reads = [row.reads["clutter"] for row in rows]
    assert [line for read in reads for line in read.lines] == list(range(30))
    assert [answer for read in reads for answer in read.answers] == [n % 2 for n in range(30)]
    for row in rows:
        ends = row.tokens[list(row.reads["clutter"].places)]
        assert set(ends.tolist()) == {reader.separator}


def test_heads_read_title_and_lines_each_behind_a_separator(base):
    heads = [QUALITY, CLUTTER]
    [row], reader = rows_of(base, heads, example("one\n\ntwo", title="head"))
    expected = []
    for line in ("head", "one", "two"):
        expected += [*reader.tokens.tokenizer(line)["input_ids"], reader.separator]
    assert row.tokens.tolist() == expected
    ends = [n for n, token in enumerate(expected) if token == reader.separator]
    assert row.reads["clutter"].places == tuple(ends[1:])
    assert row.reads["quality"].places == (ends[-1],)


def test_a_document_without_answers_has_no_row(base):
    rows, _ = rows_of(base, [CLUTTER], example("\n \n"))
    assert rows == []


def test_tokens_of_another_class_of_tokenizer_are_not_taken_from_its_files(tmp_path):
    """The class of Qwen2 takes each digit by itself; a BERT with equal files cuts as they say."""
    text = "It was built in 1931."
    bases = [save_base(tmp_path / shape, shape, [text] * 20) for shape in (DECODER, ENCODER)]
    tokens = [load(folder).reader.tokens for folder in bases]
    alone = [one.tokenizer(text, add_special_tokens=False)["input_ids"] for one in tokens]
    assert alone[0] != alone[1]
    assert [one.encode(text) for one in tokens] == alone
