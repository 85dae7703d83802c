"""Several heads on one base: one pass for all stages that ask for the same text."""

import json
import re
import shutil

import pytest

from models import clutter, page_type, quality
from models.base import TitledText
from models.page_type.features import PageContent
from models.transformer import LineHead, TextHead, load_classifier
from models.transformer.checkpoint import find_checkpoint
from models.transformer.shared import both_ends
from tests.models.checkpoints import save_heads
from tests.models.texts import CHINESE, ENGLISH, ENGLISH_MENU

pytestmark = pytest.mark.torch

TITLE = "A bridge"


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    pytest.importorskip("transformers")
    return str(save_heads(tmp_path_factory.mktemp("models") / "all"))


def by_hand(folder, task, title, text):
    """The chances at every separator, with nothing but transformers and safetensors."""
    import torch
    from safetensors.torch import load_file
    from transformers import AutoModel, AutoTokenizer

    tokenizer = AutoTokenizer.from_pretrained(folder)
    ids, places = [], []
    for line in [title, *text.split("\n")]:
        if line.strip():
            ids += [*tokenizer(line, add_special_tokens=False)["input_ids"], tokenizer.sep_token_id]
            places.append(len(ids) - 1)
    head = load_file(f"{folder}/heads/{task}.safetensors")
    with torch.no_grad():
        states = AutoModel.from_pretrained(folder)(torch.tensor([ids])).last_hidden_state[0]
        return (states[places] @ head["weight"].T + head["bias"]).softmax(-1).tolist()


def count_passes(head):
    """The rows that go through the base of a head from now on."""
    seen, outputs = [], head.base.server.outputs

    def counted(rows):
        rows = list(rows)
        seen.extend(rows)
        return outputs(rows)

    head.base.server.outputs = counted
    return seen


@pytest.mark.parametrize("task", ["page_type", "quality"])
def test_a_head_of_texts_reads_the_last_separator(folder, task):
    head = TextHead(f"{folder}#{task}")
    items = [TitledText(TITLE, ENGLISH), TitledText("", CHINESE), TitledText("x", ENGLISH_MENU)]
    for item, score in zip(items, head.score(items), strict=True):
        wanted = by_hand(folder, task, *item)[-1]
        assert list(score.values()) == pytest.approx(wanted, abs=1e-4)
    assert list(head.labels) == list(score)


def test_a_head_of_lines_reads_each_separator_but_that_of_the_title(folder):
    model = clutter.load(f"{folder}#clutter")
    (score,) = model.score([TitledText(TITLE, ENGLISH)])
    wanted = [chances[1] for chances in by_hand(folder, "clutter", TITLE, ENGLISH)][1:]
    assert [line for line in score.lines if line is not None] == pytest.approx(wanted, abs=1e-4)
    assert len(score.lines) == len(ENGLISH.split("\n"))
    (untitled,) = model.score([ENGLISH])
    assert untitled != score


def test_heads_of_one_checkpoint_share_one_pass_over_the_same_text(folder):
    kind = page_type.load(f"{folder}#page_type")
    good = quality.load(f"{folder}#quality")
    main = clutter.load(f"{folder}#clutter")
    assert kind.classifier.base is good.classifier.base is main.scorer.base
    seen = count_passes(kind.classifier)
    texts = [ENGLISH + " shared", CHINESE, ENGLISH_MENU]
    first = kind.score([PageContent(text, "", TITLE) for text in texts])
    assert len(seen) == 3
    titled = [TitledText(TITLE, text) for text in texts]
    good.score(titled)
    main.score(titled)
    assert len(seen) == 3
    assert kind.score([PageContent(text, "", TITLE) for text in texts]) == first
    assert len(seen) == 3


def test_after_lines_are_cut_the_text_is_read_again(folder):
    good = quality.load(f"{folder}#quality")
    text = ENGLISH + "\nRead on\nShare"
    before = good.score([text])
    seen = count_passes(good.classifier)
    after = good.score([text.removesuffix("\nShare")])
    assert len(seen) == 1
    assert after != before


def test_a_score_alone_is_computed_alone_whatever_is_remembered(folder):
    head = TextHead(f"{folder}#quality")
    head.score([ENGLISH, CHINESE])
    seen = count_passes(head)
    head.score_alone(ENGLISH)
    assert len(seen) == 1


def test_the_base_is_loaded_again_when_a_file_of_it_changes(folder, tmp_path):
    copy = tmp_path / "copy"
    shutil.copytree(folder, copy)
    first = TextHead(f"{copy}#quality")
    assert TextHead(f"{copy}#page_type").base is first.base
    (copy / "note.txt").write_text("changed")
    assert TextHead(f"{copy}#page_type").base is not first.base


def test_a_text_without_lines_has_a_score(folder):
    head = TextHead(f"{folder}#quality")
    (empty, blank) = head.score(["", "\n \n"])
    assert empty == blank
    assert sum(empty.values()) == pytest.approx(1, abs=1e-3)
    assert LineHead(f"{folder}#clutter").score([[]]) == [[]]


@pytest.mark.slow
def test_long_texts_are_read_as_the_policy_says(folder, tmp_path):
    copy = tmp_path / "copy"
    shutil.copytree(folder, copy)
    (copy / "curation.json").write_text('{"max_tokens": 60, "long_texts": "mean"}')
    name = f"{copy}#quality"
    lines = [line for line in (ENGLISH + "\n" + ENGLISH_MENU).split("\n") if line.strip()]
    text = "\n".join(lines)
    scores = {
        policy: load_classifier(name, policy).score([text])[0]
        for policy in ("as_trained", "head", "head_tail", "mean")
    }
    assert scores["as_trained"] == scores["mean"]
    assert len({tuple(score.values()) for score in scores.values()}) == 3
    assert scores["head"] == load_classifier(name, "head").score([text + "\nmore"])[0]
    assert scores["mean"] != load_classifier(name, "mean").score([text + "\nmore"])[0]
    assert scores["head_tail"] != load_classifier(name, "head_tail").score([text + "\nmore"])[0]


def test_both_ends_keep_whole_lines_once():
    lines = [[n] * n for n in (3, 2, 9, 2, 1)]
    assert both_ends(lines, 100) == lines
    assert both_ends(lines, 14) == [[3, 3, 3], [2, 2], [2, 2], [1]]
    assert both_ends(lines, 12) == [[3, 3, 3], [2, 2], [1]]
    assert both_ends([[7] * 9], 4) == []


def test_a_page_of_megabytes_is_scored_by_what_is_read_of_it(folder, tmp_path):
    copy = tmp_path / "copy"
    shutil.copytree(folder, copy)
    (copy / "curation.json").write_text('{"max_tokens": 2048}')
    head, main = TextHead(f"{copy}#quality"), LineHead(f"{copy}#clutter")
    seen = count_passes(head)
    head.score(["word\n" * 2_000_000, "x" * 1_000_000])
    assert sum(len(row.tokens) for row in seen) < 2 * 2_048
    (row,) = main.score([["y" * 1_000_000, "a line"]])
    assert len(row) == 2
    assert None not in row


def test_the_digest_of_a_head_follows_the_base_and_that_head(folder, tmp_path):
    copy = tmp_path / "copy"
    shutil.copytree(folder, copy)

    def digests():
        return [find_checkpoint(f"{copy}#{task}").digest for task in ("quality", "clutter")]

    before = digests()
    assert before[0] != before[1]
    shutil.copyfile(copy / "heads/page_type.safetensors", copy / "heads/clutter.safetensors")
    after = digests()
    assert after[0] == before[0]
    assert after[1] != before[1]
    (copy / "config.json").write_text((copy / "config.json").read_text() + " ")
    assert digests()[0] != before[0]


@pytest.mark.parametrize(
    ("task", "ask", "message"),
    [
        ("#topic", quality.digest, "it has the heads page_type, quality, clutter: name one"),
        ("", quality.digest, "it has the heads page_type, quality, clutter: name one"),
        ("#clutter", quality.digest, "reads lines, where text are"),
        ("#quality", clutter.digest, "reads text, where lines are"),
        ("#page_type", quality.digest, "one of ['good', 'high', 'high_quality', 'LABEL_1']"),
    ],
)
def test_a_head_that_cannot_serve_is_refused_by_its_files(folder, task, ask, message):
    with pytest.raises(ValueError, match=re.escape(message)):
        ask(folder + task)


@pytest.mark.parametrize(
    ("index", "message"),
    [
        ('{"quality": {"labels": ["good"], "reads": "text"}}', "it must have weight [1, hidden]"),
        ('{"quality": {"labels": [], "reads": "text"}}', "quality.labels = []: must be a list"),
        ('{"quality": {"labels": ["good", "bad"], "reads": "pages"}}', 'must be "text" or "lines"'),
        ('{"../quality": {"labels": ["good", "bad"], "reads": "text"}}', "must be a word"),
        ("[]", "heads.json must be a JSON object"),
        ("{", "heads.json cannot be read"),
    ],
)
def test_heads_that_are_described_wrongly_are_refused(folder, tmp_path, index, message):
    copy = tmp_path / "copy"
    shutil.copytree(folder, copy)
    (copy / "heads.json").write_text(index)
    with pytest.raises(ValueError, match=re.escape(message)):
        quality.digest(f"{copy}#quality")


def test_heads_of_another_base_are_refused(folder, tmp_path):
    import torch
    from safetensors.torch import save_file

    copy = tmp_path / "copy"
    shutil.copytree(folder, copy)
    tensors = {"weight": torch.zeros(2, 48), "bias": torch.zeros(2)}
    save_file(tensors, copy / "heads/quality.safetensors")
    with pytest.raises(ValueError, match=re.escape("must be [2, 32], the labels by the hidden")):
        quality.digest(f"{copy}#quality")
    (copy / "heads/quality.safetensors").unlink()
    with pytest.raises(ValueError, match=r"heads/quality.safetensors is missing"):
        quality.digest(f"{copy}#quality")
    assert json.loads((copy / "heads.json").read_text())
