"""A checkpoint with a known answer, what its embedded student says, and both as a cascade."""

import json
from collections import Counter
from dataclasses import replace
from random import Random

import pytest

from curation.config import PipelineConfig, StepConfig
from curation.distilling.distil import distil
from curation.distilling.sampled import sample_run
from curation.distilling.tasks import DISTILLATIONS, configured
from curation.labelling.run_documents import open_run
from curation.labelling.tasks import find_task
from curation.summaries.files import read_summary
from models import quality
from models.cascade import Cascade
from models.transformer.checkpoint import find_checkpoint
from stages.quality import Quality
from tests.commands import curate, message, output
from tests.curation.distilling.counting import save_counting, text_with
from tests.curation.labelling.finished_run import Page, write_run
from tests.curation.small_runs import crawl, kept, run

pytestmark = pytest.mark.torch
ENGLISH, CHINESE = 160, 8


def share_of(number):
    return number * 37 % 100 / 100


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """A run whose texts have numbers in them, a checkpoint that counts them, and its student."""
    pytest.importorskip("transformers")
    folder = tmp_path_factory.mktemp("distil")
    pages = [
        Page(n, text_with(share_of(n), n), "en", f"s{n % 20}.example", quality=share_of(n + 5))
        for n in range(ENGLISH)
    ]
    pages += [
        Page(ENGLISH + n, f"水车在河边转了{n}年。\n磨坊很旧。", "zh", f"z{n}.example")
        for n in range(CHINESE)
    ]
    write_run(folder / "runs", pages, parts=3)
    save_counting(folder / "large", ["bad", "good"])
    said = output(*arguments(folder))
    return folder, said


def arguments(folder, task="quality", out="small", **changed):
    given = {
        "root": folder / "runs",
        "checkpoint": folder / "large",
        "threshold": 0.5,
        "licence": "CC0-1.0",
    } | changed
    options = [
        part for name, value in given.items() if value is not None for part in (f"--{name}", value)
    ]
    return ["distil", task, *options, "--out", folder / out]


def stage(folder, **changed):
    return Quality(
        model=str(folder / "large"), weights=str(folder / "small"), min_quality=0.5, **changed
    )


UNSEEN = [(n / 60, text_with(n / 60, 1_000 + n)) for n in range(60)]


def test_the_student_of_a_checkpoint_says_what_is_known_of_texts_that_neither_saw(made):
    folder, _ = made
    scores = quality.load(weights=str(folder / "small")).score([text for _, text in UNSEEN])
    few, many = ([s.quality for (d, _), s in zip(UNSEEN, scores, strict=True) if one(d)]
                 for one in (lambda d: d < 0.2, lambda d: d > 0.8))  # fmt: skip
    assert min(few) > max(many)
    assert min(few) > 0.5 > max(many)


def test_the_card_tells_how_far_the_two_agree_and_what_to_configure(made):
    folder, said = made
    card = (folder / "small" / "README.md").read_text()
    found = json.loads((folder / "small" / "distilled.json").read_text())
    whole = found["agreement"]["all"]
    assert whole["auc"] >= 0.9
    assert whole["rank_correlation"] >= 0.8
    assert whole["kappa"] >= 0.6
    assert f"ROC AUC {whole['auc']}" in said
    assert "license: CC0-1.0" in card
    assert f'weights = "{folder / "small"}"' in card
    assert "min_quality = 0.5" in card
    assert found["left_out"] == {"language zh": CHINESE}
    assert found["documents"] == ENGLISH
    assert found["checkpoint_digest"] == find_checkpoint(str(folder / "large")).digest


def test_scores_of_other_texts_teach_nothing(made):
    folder, _ = made
    task = DISTILLATIONS["quality"]
    run = open_run(str(folder / "runs" / "demo" / "default"), find_task("quality"))
    texts = sample_run(run, 500, 50, 0).texts
    own = configured(task, {}, 0.5)
    chances = task.open(str(folder / "large"), own)(texts)
    Random(4).shuffle(chances)
    found = distil(task, own, texts, chances, "digest").agreement["all"]
    assert abs(found.rank_correlation) < 0.25
    assert 0.35 < found.auc < 0.65


def test_parts_of_a_run_and_their_number_change_no_weight(made, tmp_path):
    folder, _ = made
    pages = [
        Page(n, text_with(share_of(n), n), "en", f"s{n % 20}.example", quality=share_of(n + 5))
        for n in range(60)
    ]
    (tmp_path / "large").symlink_to(folder / "large")
    weights = []
    for parts in (1, 4):
        write_run(tmp_path / f"runs-{parts}", pages, parts=parts)
        output(*arguments(tmp_path, out=f"small-{parts}", root=tmp_path / f"runs-{parts}"))
        weights.append((tmp_path / f"small-{parts}" / "quality_en.json").read_bytes())
    assert weights[0] == weights[1]


def test_a_cascade_sends_on_what_the_student_is_unsure_of_and_says_who_judged(made):
    folder, _ = made
    rows = [{"title": "", "text": text} for _, text in UNSEEN]
    small = Quality(weights=str(folder / "small"), min_quality=0.5).open()(rows)
    large = Quality(model=str(folder / "large"), min_quality=0.5).open()(rows)
    both = stage(folder, cascade=Cascade(min_sent=0.2, max_sent=0.8)).open()(rows)
    sent = [0.2 <= one.columns["quality"] <= 0.8 for one in small]
    assert 0 < sum(sent) < len(sent)
    for one, own, other, is_sent in zip(both, small, large, sent, strict=True):
        expected, by = (other, "checkpoint") if is_sent else (own, "embedded")
        assert one.decision == expected.decision
        assert dict(one.columns) == {**expected.columns, "quality_judged_by": by}


def test_a_verdict_of_a_cascade_does_not_hang_on_the_documents_beside_it(made):
    folder, _ = made
    judge = stage(folder, cascade=Cascade(max_sent_ratio=0.3)).open()
    rows = [{"title": "", "text": text} for _, text in UNSEEN]
    together = judge(rows)
    alone = [judge([row])[0] for row in rows]
    assert [(v.decision, v.columns["quality_judged_by"]) for v in together] == [
        (v.decision, v.columns["quality_judged_by"]) for v in alone
    ]


@pytest.mark.slow
@pytest.mark.spark
def test_a_run_judges_by_both_models_whatever_its_parts_and_counts_which_did(made, spark, tmp_path):
    folder, _ = made
    both = stage(folder, cascade=Cascade(max_sent_ratio=0.3))
    config = PipelineConfig("two", (StepConfig("judge", ("quality",)),), {"quality": both})
    texts = [text for _, text in UNSEEN]
    inputs = crawl(tmp_path / "in", a=texts[:7], b=texts[7:])
    [outcome] = run(spark, replace(config, part_bytes=1), inputs, tmp_path / "runs")
    alone = both.open()([{"title": "", "text": text} for text in texts])
    expected = {
        text: (one.columns["quality"], one.columns["quality_judged_by"])
        for text, one in zip(texts, alone, strict=True)
        if one.decision == "keep"
    }
    found = {row["text"]: (row["quality"], row["quality_judged_by"]) for row in kept(outcome)}
    assert found == expected
    by = Counter(one.columns["quality_judged_by"] for one in alone)
    assert set(by) == {"embedded", "checkpoint"}
    assert len(outcome.manifest.parts) == 2
    summary = read_summary(f"{outcome.step.folder}/{outcome.manifest.summary.name}")
    counted = Counter()
    for row in summary.labels.to_pylist():
        if row["column"] == "quality_judged_by":
            counted[row["value"]] += row["pages"]
    assert counted == by


def test_a_share_that_may_be_sent_on_is_kept_to_and_costs_less_the_larger_it_is(made):
    folder, _ = made
    found = json.loads((folder / "small" / "distilled.json").read_text())["cascades"]
    assert [one["max_sent_ratio"] for one in found] == [0.02, 0.05, 0.1, 0.2, 0.3, 0.5]
    assert all(one["sent"] <= one["max_sent_ratio"] + 0.1 for one in found)
    assert found[-1]["accuracy"] > found[0]["accuracy"]
    assert found[-1]["accuracy"] >= 0.97
    rows = [{"title": "", "text": text} for _, text in UNSEEN]
    few, many = (
        sum(v.columns["quality_judged_by"] == "checkpoint" for v in judged)
        for judged in (
            stage(folder, cascade=Cascade(max_sent_ratio=ratio)).open()(rows)
            for ratio in (0.02, 0.5)
        )
    )
    assert few < many < len(rows)


def test_what_cannot_be_is_said_in_one_line(made, tmp_path):
    folder, _ = made

    def said(task="quality", out=tmp_path / "out", **changed):
        ran = curate(*arguments(folder, task, out, **changed))
        assert ran.exit_code == 2
        assert not (tmp_path / "out").exists()
        return message(ran)

    assert "must be one of page_type, quality, category, clutter" in said("topic")
    assert "there is no folder" in said(checkpoint=tmp_path / "none")
    assert "label 'bad' is no class of the taxonomy" in said("category", threshold=None)
    assert "category removes nothing" in said("category")
    assert "one of ['article', 'product'] must be among them" in said("page_type")
    assert "is there already" in said(out="small")
    write_run(tmp_path / "few", [Page(n, text_with(0.5, n)) for n in range(5)])
    assert "of 1 sites in 1 of 5 folds" in said(root=tmp_path / "few")


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"min_quality": 0.4}, "calibrated for min_quality 0.5, not 0.4"),
        ({"weights": ""}, "the shipped weights are not calibrated"),
        ({"cascade": Cascade()}, "leave them out, or add a cascade"),
        ({"cascade": Cascade(max_sent=0.4)}, "must hold min_quality = 0.5"),
        ({"model": "embedded"}, "needs a checkpoint in model"),
    ],
)
def test_a_cascade_that_cannot_be_is_refused_before_anything_runs(made, changed, words):
    folder, _ = made
    given = {
        "model": str(folder / "large"),
        "weights": str(folder / "small"),
        "min_quality": 0.5,
        "cascade": Cascade(max_sent_ratio=0.2),
    }
    with pytest.raises(ValueError, match=words):
        Quality(**(given | changed)).resources()


def test_another_checkpoint_is_not_served_by_a_calibration(made, tmp_path):
    folder, _ = made
    other = save_counting(tmp_path / "other", ["good", "bad"])
    given = {"weights": str(folder / "small"), "min_quality": 0.5}
    with pytest.raises(ValueError, match="calibrated for checkpoint"):
        Quality(model=str(other), cascade=Cascade(max_sent_ratio=0.2), **given).resources()


def test_weights_and_band_are_part_of_what_a_step_is_known_by(made):
    folder, _ = made
    found = stage(folder, cascade=Cascade(max_sent_ratio=0.2)).resources()
    shipped = Quality().resources()
    assert found["model embedded"] != shipped["model embedded"]
    assert " to " in found["scores sent on"]
