"""The tiny checkpoints of conf/dots_llm1_small.toml: its stages take them."""

import pytest

from conf import locate
from curation.config import load_config
from curation.errors import UsageError
from curation.finetuning.small_checkpoints import make
from models import category, clutter, embedding, page_type, quality, tokenizer
from tests.commands import curate, message

pytestmark = pytest.mark.torch
TEXT = "The mill stands by the river.\nIts wheel turns when it rains."


@pytest.fixture(scope="module")
def small(tmp_path_factory):
    pytest.importorskip("transformers")
    folder = tmp_path_factory.mktemp("checkpoints") / "small"
    said = []
    make(folder, said.append)
    assert len(said) == 6
    return folder


def test_every_checkpoint_of_the_configuration_is_made_and_can_be_loaded(small):
    config = load_config(locate("dots_llm1_small.toml"))
    loaded = {}
    for name, module in {
        "page_type": page_type,
        "clutter": clutter,
        "quality": quality,
        "category": category,
        "semantic_dedup": embedding,
    }.items():
        path = config.stage[name].model.removeprefix("./checkpoints/small/")
        assert module.digest(str(small / path))
        loaded[name] = module.load(str(small / path)).score([TEXT])
    assert loaded["semantic_dedup"].shape == (1, 64)
    assert len(loaded["page_type"][0].probabilities) == 11
    assert len(loaded["clutter"][0].lines) == 2
    path = config.stage["balance"].tokenizer.removeprefix("./checkpoints/small/")
    assert tokenizer.load(str(small / path)).eos_token == "<|endoftext|>"


def test_the_small_pipeline_is_the_large_one_but_for_its_checkpoints():
    large, small = (load_config(locate(f"dots_llm1{end}.toml")) for end in ("", "_small"))
    assert [step.stages for step in small.step] == [step.stages for step in large.step]
    for name, stage in small.stage.items():
        other = large.stage[name]
        differing = {key for key in vars(stage) if getattr(stage, key) != getattr(other, key)}
        assert differing <= {"model", "tokenizer"}


def test_nothing_is_overwritten(small):
    with pytest.raises(UsageError, match="is there already"):
        make(small, print)


def test_the_large_pipeline_without_checkpoints_says_how_to_have_them(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "a.jsonl").write_text('{"url": "http://a.example/", "text": "x"}\n')
    ran = curate("plan", locate("dots_llm1.toml"), "a.jsonl", "--root", "runs")
    assert "there is no folder ./checkpoints/page_type: name one" in message(ran)
    assert "`curate train`" in message(ran)
    assert "`make small-checkpoints`" in message(ran)
