"""Line scores of a checkpoint, the trees that learn them, and both as a cascade."""

import json
from dataclasses import replace

import pytest

from curation.distilling.distil import distil
from curation.distilling.sampled import SampledText
from curation.distilling.tasks import DISTILLATIONS
from curation.finetuning.documents import Document
from models import clutter
from models.base import TitledText
from models.cascade import Cascade
from models.clutter import ClutterScore
from models.clutter import fit as fitting
from models.transformer.checkpoint import find_checkpoint
from stages.clutter import Clutter
from tests.commands import output
from tests.curation.labelling.finished_run import Page, write_run
from tests.models.checkpoints import save_decoder
from tests.models.texts import ENGLISH, ENGLISH_MENU

MENU, PROSE = ENGLISH_MENU.split("\n"), ENGLISH.split("\n")


@pytest.fixture(scope="module", autouse=True)
def _few_trees():
    """What is tested does not take the 150 trees of the weights that ship."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(fitting, "TREES", 20)
        yield


def text_of(number):
    return "\n".join([*MENU[number % 8 :], "", *PROSE, *MENU[: number % 5]])


def sampled(count):
    return tuple(
        SampledText(Document(f"{n}", text_of(n), language="en", site=f"s{n % 12}.example"), None, 1)
        for n in range(count)
    )


def said_of(text, wrong=()):
    """Prose is main text to the checkpoint, and a menu is not, but for lines that it has wrong."""
    lines = text.split("\n")
    chances = [0.9 if (line in PROSE) != (line in wrong) else 0.1 for line in lines]
    return ClutterScore(
        tuple(c if line.strip() else None for line, c in zip(lines, chances, strict=True))
    )


@pytest.mark.slow
def test_trees_that_learnt_a_checkpoints_scores_agree_with_it_on_other_sites():
    pytest.importorskip("sklearn")
    texts = sampled(36)
    made = distil(
        *(DISTILLATIONS["clutter"], Clutter(min_line_score=0.5), texts),
        [said_of(one.document.text) for one in texts],
        "digest",
    )
    whole = made.agreement["all"]
    assert (whole.documents, made.documents) == (36, 36)
    assert whole.auc >= 0.95
    assert whole.accuracy >= 0.9
    assert made.calibration.wanted == ("main",)
    assert sum(one.weight for one in made.calibration.bins) == 36
    assert made.cascades[-1].accuracy >= made.cascades[0].accuracy


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """A run, a checkpoint that says of each line what its random weights do, and its student."""
    pytest.importorskip("transformers")
    place = tmp_path_factory.mktemp("lines")
    write_run(
        place / "runs", [Page(n, text_of(n), site=f"s{n % 12}.example") for n in range(24)], parts=2
    )
    large = place / "large"
    save_decoder(large, "TokenClassification", ["clutter", "main"], sep_token="<sep>")
    output(
        *("distil", "clutter", "--root", place / "runs", "--checkpoint", large),
        *("--threshold", 0.5, "--out", place / "small"),
    )
    return place


@pytest.mark.slow
@pytest.mark.torch
def test_the_command_writes_weights_that_the_stage_reads_and_a_card(folder):
    found = json.loads((folder / "small" / "distilled.json").read_text())
    assert found["checkpoint_digest"] == find_checkpoint(str(folder / "large")).digest
    assert found["documents"] == 24
    card = (folder / "small" / "README.md").read_text()
    assert "min_line_score = 0.5" in card
    assert "of the lines that both judge" in card
    shipped, own = (
        clutter.load(weights=weights).score([text_of(1)])[0].lines
        for weights in ("", str(folder / "small"))
    )
    assert shipped != own
    assert [one is None for one in shipped] == [one is None for one in own]


@pytest.mark.slow
@pytest.mark.torch
def test_a_document_is_sent_on_by_its_line_nearest_to_the_threshold(folder):
    texts = [*map(text_of, range(8)), "\n".join(PROSE), "\n".join(MENU), "", "\n\n"]
    rows = [{"title": "", "text": text} for text in texts]
    weights = str(folder / "small")
    given = {"min_line_score": 0.5, "weights": weights}
    small = Clutter(**given).open()(rows)
    large = Clutter(model=str(folder / "large"), min_line_score=0.5).open()(rows)
    scores = clutter.load(weights=weights).score([TitledText("", text) for text in texts])
    lines = [[line for line in one.lines if line is not None] for one in scores]
    nearest = [min((abs(line - 0.5) for line in own), default=1) for own in lines]
    half = sorted(nearest)[len(nearest) // 2]
    stage = Clutter(model=str(folder / "large"), cascade=Cascade(0.5 - half, 0.5 + half), **given)
    both = stage.open()(rows)
    sent = [distance <= half for distance in nearest]
    assert 0 < sum(sent) < len(sent)
    for one, first, last, is_sent in zip(both, small, large, sent, strict=True):
        expected, by = (last, "checkpoint") if is_sent else (first, "embedded")
        assert dict(one.columns) == {**expected.columns, "clutter_judged_by": by}
        assert (one.decision, one.edits) == (expected.decision, expected.edits)
    shared = replace(stage, cascade=Cascade(max_sent_ratio=0.5)).resources()
    assert shared.keys() == stage.resources().keys()
    assert shared["model embedded"] != Clutter().resources()["model embedded"]
    assert " to " in shared["scores sent on"]
