import pickle
import re

import pytest

from models.quality import QualityScore
from schemas.verdict import Decision
from stages.quality import Quality, QualityReason, judge
from tests.models.checkpoints import save_decoder, save_heads
from tests.models.texts import CHINESE, CHINESE_MENU, ENGLISH, ENGLISH_MENU


def test_a_document_that_reaches_the_threshold_stays():
    verdict = judge(QualityScore(0.25, "en"), 0.25)
    assert (verdict.decision, verdict.columns) == (Decision.KEEP, {"quality": 0.25})


def test_a_document_under_the_threshold_goes_with_its_score():
    verdict = judge(QualityScore(0.2, "en"), 0.25)
    assert (verdict.decision, verdict.reason) == (Decision.REMOVE, QualityReason.LOW_QUALITY)
    assert verdict.detail == "quality 0.2000 < min_quality 0.25"
    assert verdict.columns == {"quality": 0.2}


def test_prose_stays_and_menus_go_in_both_languages():
    rows = [{"text": text} for text in (ENGLISH, CHINESE, ENGLISH_MENU, CHINESE_MENU, "", None)]
    decisions = [verdict.decision for verdict in Quality().open()(rows)]
    assert decisions == [Decision.KEEP] * 2 + [Decision.REMOVE] * 4


def test_the_stage_survives_pickling_and_names_its_weights():
    stage = Quality(min_quality=0.4)
    assert pickle.loads(pickle.dumps(stage)) == stage
    assert len(stage.resources()["model embedded"]) == 64


@pytest.mark.torch
def test_a_verdict_at_the_threshold_hangs_on_no_document_beside_it(tmp_path, monkeypatch):
    pytest.importorskip("transformers")
    import torch

    from models.transformer import TransformerClassifier
    from models.transformer.serving import Server

    folder = save_decoder(tmp_path / "good", "SequenceClassification", ["bad", "good"])
    texts = [ENGLISH, CHINESE, ENGLISH_MENU, CHINESE_MENU]
    alone = [TransformerClassifier(str(folder)).score_alone(text)["good"] for text in texts]
    forward = Server.forward

    def disturbed(self, batch):
        """As a batch on a GPU disturbs them: each row another way, one alone not at all."""
        outputs = forward(self, batch)
        signs = [0] if len(outputs) == 1 else [(-1) ** n for n in range(len(outputs))]
        return [o + torch.tensor([0, 3e-4 * s]) for o, s in zip(outputs, signs, strict=True)]

    monkeypatch.setattr(Server, "forward", disturbed)
    for threshold in alone:
        judge_batch = Quality(model=str(folder), min_quality=threshold).open()
        for batch in (texts, texts[::-1], [ENGLISH, *texts]):
            verdicts = judge_batch([{"text": text} for text in batch])
            wanted = [alone[texts.index(text)] >= threshold for text in batch]
            assert [verdict.decision is Decision.KEEP for verdict in verdicts] == wanted


@pytest.mark.torch
def test_a_head_among_several_reads_the_title_too(tmp_path):
    pytest.importorskip("transformers")
    folder = save_heads(tmp_path / "all")
    judge_batch = Quality(model=f"{folder}#quality").open()
    rows = [{"title": title, "text": ENGLISH} for title in ("Bridges", "", None)]
    first, second, third = (verdict.columns["quality"] for verdict in judge_batch(rows))
    assert first != second
    assert second == third
    with pytest.raises(ValueError, match=re.escape("name one of them")):
        Quality(model=str(folder)).resources()
