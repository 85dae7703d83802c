"""Texts that no page should have, to every kind of checkpoint: a sensible score, in bounded time."""

import time

import pytest

from models import clutter, embedding, page_type, quality
from models.base import TitledText
from models.page_type.features import PageContent
from stages.chain import Document, open_chain, run_chain
from stages.quality import Quality
from tests.models.checkpoints import save_decoder, save_dense

pytestmark = pytest.mark.torch

HUGE = {
    "10 MB": "The mill stands by the river. " * 350_000,
    "a line of 1 MB": "x" * (1 << 20),
}
SMALL = {
    "1 MB of blanks": " " * (1 << 20) + "a",
    "nothing": "",
    "blanks": " \n\t\n",
    "no letters": "\x00\x01\ufffe\u202e\u200b",
    "half a character": "a \ud83d b",
}
TEXTS = HUGE | SMALL
MAX_S = 30
"""Of processor time, for all texts of a kind of checkpoint."""


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    pytest.importorskip("transformers")
    place = tmp_path_factory.mktemp("models")
    save_decoder(place / "texts", "SequenceClassification", ["bad", "good"])
    save_decoder(place / "types", "SequenceClassification", ["article", "listing"])
    save_decoder(place / "lines", "TokenClassification", ["clutter", "main"], sep_token="<sep>")
    (place / "dense").mkdir()
    save_dense(place / "dense")
    return place


@pytest.fixture(scope="module")
def ask(folder):
    """By kind of checkpoint the numbers that it gives a text."""
    good, types = quality.load(str(folder / "texts")), page_type.load(str(folder / "types"))
    lines, dense = clutter.load(str(folder / "lines")), embedding.load(str(folder / "dense"))
    return {
        "quality": lambda text: [good.score([TitledText("", text)])[0].quality],
        "page_type": lambda text: types.score([PageContent(text)])[0].probabilities.values(),
        "clutter": lambda text: [
            one for one in lines.score([TitledText("", text)])[0].lines if one is not None
        ],
        "embedding": lambda text: [abs(float(dense.score([text])[0].max()))],
    }


@pytest.mark.parametrize("kind", ["quality", "page_type", "clutter", "embedding"])
def test_every_text_has_a_score_in_bounded_time(ask, kind):
    start = time.process_time()
    for name, text in TEXTS.items():
        scores = list(ask[kind](text))
        assert all(0 <= score <= 1 for score in scores), name
        assert scores or (kind == "clutter" and not text.strip()), name
    assert time.process_time() - start < MAX_S


def test_a_checkpoint_without_numbers_quarantines_and_removes_nothing(folder, tmp_path):
    """NaN is below every threshold: a page would go for it."""
    import torch
    import transformers

    place = save_decoder(tmp_path / "nan", "SequenceClassification", ["bad", "good"])
    model = transformers.AutoModelForSequenceClassification.from_pretrained(place)
    torch.nn.init.constant_(model.model.layers[0].mlp.down_proj.weight, float("nan"))
    model.save_pretrained(place)
    documents = [Document({"title": "", "text": text}) for text in ("a", "b")]
    run_chain(open_chain([Quality(model=str(place))]), documents)
    for one in documents:
        assert (one.decision, one.reason) == ("quarantine", "stage_failed")
        assert "no number" in one.detail
    assert len(quality.load(str(folder / "texts")).score(["a", "b"])) == 2
