"""From pages of the generated crawl, whose labels are known, to checkpoints that their stages read."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from models import clutter, page_type
from models.base import TitledText
from models.linear.fit import roc_auc
from models.page_type.features import PageContent
from models.transformer.checkpoint import find_checkpoint
from tests.commands import curate, message, output
from tests.curation.finetuning import made
from tests.models.finetuning.bases import DECODER, ENCODER, save_base

pytestmark = [pytest.mark.torch, pytest.mark.slow]
ROOT = Path(__file__).parents[3]
QUICK = ["--folds", 3, "--batch-size", 4, "--max-tokens", 256, "--patience", 9]


@pytest.fixture(scope="module")
def crawl(tmp_path_factory):
    pytest.importorskip("transformers")
    folder = tmp_path_factory.mktemp("crawl")
    documents = made.write_documents(folder / "documents.jsonl", 100)
    texts = [one["text"] for one in documents]
    for shape in (DECODER, ENCODER):
        save_base(folder / shape, shape, texts)
    return folder, documents


def arguments(crawl, tasks, labels, base, out, *others):
    folder, _ = crawl
    files = ["--labels", labels, "--documents", folder / "documents.jsonl", "--base", folder / base]
    return ["train", tasks, *files, "--out", out, *QUICK, *others]


@pytest.fixture(scope="module")
def heads(crawl, tmp_path_factory):
    """A base with two heads."""
    folder = tmp_path_factory.mktemp("heads")
    labels = made.write_labels(folder / "labels.jsonl", crawl[1], "page_type", "clutter")
    given = ["--epochs", 5, "--learning-rate", 3e-3, "--licence", "Apache-2.0"]
    output(*arguments(crawl, "page_type,clutter", labels, DECODER, folder / "all", *given))
    return folder / "all"


def account(folder):
    return json.loads((folder / "curation.json").read_text())


def figures(folder, task):
    return account(folder)["tasks"][task]["figures"]


def served_auc(name, documents):
    known = made.values(documents, "page_type")
    pages = [PageContent(one["text"], one["url"], one["title"], None) for one in documents]
    kept = [score.probabilities["article"] for score in page_type.load(name).score(pages)]
    return roc_auc([known[one["doc_id"]] == "article" for one in documents], kept)


def line_scores(name, documents):
    """Whether each line is main text, and how surely a model says so."""
    model = clutter.load(name)
    right, said = [], []
    for document in documents:
        truth = dict(made.line_values(document))
        [score] = model.score([TitledText(document["title"], document["text"])])
        for line, value in zip(document["text"].split("\n"), score.lines, strict=True):
            if value is not None:
                right.append(bool(truth[made.digest_of_line(line)]))
                said.append(value)
    return right, said


def test_heads_learn_what_is_known_of_the_crawl(crawl, heads):
    assert figures(heads, "page_type")["auc"] >= 0.9
    assert figures(heads, "clutter")["auc"] >= 0.9
    assert served_auc(f"{heads}#page_type", crawl[1]) > 0.95


def test_a_head_of_lines_tells_main_text_from_what_surrounds_it(crawl, heads):
    right, said = line_scores(f"{heads}#clutter", crawl[1][:30])
    assert roc_auc(right, said) > 0.95


def test_the_card_tells_figures_digests_and_what_to_configure(crawl, heads):
    card = (heads / "README.md").read_text()
    found = account(heads)
    assert "license: Apache-2.0" in card
    assert f'model = "{heads}#page_type"' in card
    assert f"min_kept_probability = {found['tasks']['page_type']['threshold']}" in card
    assert found["examples_digest"] in card
    assert found["base_digest"] == find_checkpoint(str(crawl[0] / DECODER)).digest
    assert found["tokenizer_digest"] in card
    assert "| crawl | 150 |" in card
    assert "Confusion, zh" in card
    assert "never its answer: `documentation`, `product`, `service`, `forum`, `tool`" in card
    assert not list(heads.parent.glob("*.training"))


def test_a_tokenizer_of_the_same_size_is_told_by_the_one_that_was_learnt_with(
    crawl, heads, tmp_path
):
    copy = shutil.copytree(heads, tmp_path / "copy")
    assert len(page_type.digest(f"{copy}#page_type")) == 32
    content = json.loads((copy / "tokenizer.json").read_text())
    vocabulary = content["model"]["vocab"]
    one, other = list(vocabulary)[-2:]
    vocabulary[one], vocabulary[other] = vocabulary[other], vocabulary[one]
    (copy / "tokenizer.json").write_text(json.dumps(content))
    with pytest.raises(ValueError, match="is not the one that it has learnt with"):
        page_type.digest(f"{copy}#page_type")


def test_labels_that_were_dealt_by_lot_teach_nothing(crawl, tmp_path):
    labels = made.write_labels(tmp_path / "l.jsonl", crawl[1], "page_type", shuffled=True)
    given = ["--epochs", 2, "--learning-rate", 2e-3]
    output(*arguments(crawl, "page_type", labels, ENCODER, tmp_path / "out", *given))
    assert 0.35 <= figures(tmp_path / "out", "page_type")["auc"] <= 0.65


def test_a_classifier_of_texts_learns_and_serves_the_threshold_that_was_measured(crawl, tmp_path):
    labels = made.write_labels(tmp_path / "l.jsonl", crawl[1], "page_type")
    out = tmp_path / "page_type"
    given = ["--epochs", 4, "--learning-rate", 2e-3, "--min-precision", 0.9]
    output(*arguments(crawl, "page_type", labels, ENCODER, out, *given))
    found = figures(out, "page_type")
    assert found["auc"] >= 0.9
    assert found["threshold"]["precision"] >= 0.9
    assert served_auc(str(out), crawl[1]) > 0.95


def test_a_classifier_of_lines_is_read_behind_each_line_where_it_was_trained(crawl, tmp_path):
    some = crawl[1][:12] + crawl[1][-12:]
    labels = made.write_labels(tmp_path / "l.jsonl", some, "clutter")
    out = tmp_path / "clutter"
    given = ["--epochs", 3, "--learning-rate", 3e-3, "--folds", 2]
    output(*arguments(crawl, "clutter", labels, ENCODER, out, *given))
    right, said = line_scores(str(out), some)
    assert roc_auc(right, said) > 0.75


def test_two_processes_train_what_one_does(crawl, tmp_path):
    """Up to the order in which their gradients are added."""
    from safetensors.torch import load_file

    some = crawl[1][:12] + crawl[1][-12:]
    labels = made.write_labels(tmp_path / "l.jsonl", some, "page_type")
    given = ["--epochs", 1, "--learning-rate", 1e-3, "--tokens-per-batch", 512]
    output(*arguments(crawl, "page_type", labels, DECODER, tmp_path / "one", *given))
    command = arguments(crawl, "page_type", labels, DECODER, tmp_path / "two", *given)
    torchrun = [
        sys.executable,
        "-m",
        "torch.distributed.run",
        "--standalone",
        "--nproc-per-node",
        "2",
    ]
    environment = os.environ | {"PYTHONPATH": str(ROOT), "OMP_NUM_THREADS": "1"}
    subprocess.run(
        [*torchrun, "-m", "curation", *map(str, command)],
        env=environment,
        check=True,
        capture_output=True,
        timeout=250,
    )
    one, two = (load_file(tmp_path / name / "model.safetensors") for name in ("one", "two"))
    assert one.keys() == two.keys()
    for name, weights in one.items():
        assert weights.sub(two[name]).abs().max() < 1e-4, name


def test_a_broken_off_training_goes_on_and_another_one_is_not_mixed_in(
    crawl, tmp_path, monkeypatch
):
    from models.finetuning.loop import Training

    some = crawl[1][:9] + crawl[1][-9:]
    labels = made.write_labels(tmp_path / "l.jsonl", some, "page_type")
    given = ["--epochs", 1, "--learning-rate", 1e-3]
    command = arguments(crawl, "page_type", labels, DECODER, tmp_path / "out", *given)
    run, calls = Training.run, []

    def broken(training):
        calls.append(training.path.name)
        if len(calls) == 2:
            raise RuntimeError("CUDA error: unspecified launch failure\nCUDA kernel errors might …")
        return run(training)

    monkeypatch.setattr(Training, "run", broken)
    said = message(curate(*command))
    assert "the GPU failed (CUDA error: unspecified launch failure): give the same command" in said
    assert not (tmp_path / "out").exists()
    assert "its seed is 1, not 2: delete that folder" in message(curate(*command, "--seed", 2))
    output(*command, "--tokens-per-batch", 999)
    assert calls[:2] != calls[2:]
    assert calls[0] not in calls[2:]  # the first fold was done
    assert calls[-1] == "all.safetensors"
    assert "is there already" in message(curate(*command))


def test_what_cannot_be_is_said_in_one_line(crawl, tmp_path, monkeypatch):
    labels = made.write_labels(tmp_path / "l.jsonl", crawl[1][:4] + crawl[1][-4:], "page_type")

    def said(tasks="page_type", base=DECODER, **changed):
        command = arguments(crawl, tasks, labels, base, tmp_path / "out")
        for option, value in changed.items():
            command[command.index(f"--{option}") + 1] = value
        ran = curate(*command)
        assert ran.exit_code == 2
        assert not (tmp_path / "out").exists()
        return message(ran)

    assert "must be one or more of page_type" in said("page_typ")
    assert "no labels of quality" in said("quality")
    assert "there is no folder" in said(base=str(tmp_path / "nothing"))
    assert "no such file of documents" in said(documents=tmp_path / "none.jsonl")
    one_site = tmp_path / "one.jsonl"
    rows = map(json.loads, (crawl[0] / "documents.jsonl").read_text().splitlines())
    one_site.write_text("".join(json.dumps(r | {"url": "http://a.example/"}) + "\n" for r in rows))
    assert "are of 1 sites in 1 of 3 folds" in said(documents=one_site)
    base = shutil.copytree(crawl[0] / DECODER, tmp_path / "base")
    (base / "model.safetensors").rename(base / "pytorch_model.bin")
    assert "is a pickle" in said(base=base)
    monkeypatch.setattr("curation.finetuning.command.find_spec", lambda name: None)
    assert "install the models extra, pip install 'curation[models]'" in said()
