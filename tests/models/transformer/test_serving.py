"""Batches give what the model gives each text alone, whatever way they go through it."""

import logging

import pytest

from models.base import DeviceError
from models.transformer import TransformerClassifier, packing
from models.transformer.network import batches_in_order
from models.transformer.serving import BFLOAT16_TOLERANCE, FLOAT32_TOLERANCE, Row, Way
from tests.models.checkpoints import save_decoder, save_encoder
from tests.models.texts import CHINESE, ENGLISH, ENGLISH_MENU

pytestmark = pytest.mark.torch

LABELS = ["article", "forum", "listing"]
TEXTS = [ENGLISH, "", CHINESE, "a", ENGLISH_MENU, "中", ENGLISH[:70], ENGLISH[7:300]]
MAKES = {
    "decoder": lambda folder, kind: save_decoder(folder, kind, LABELS),
    "roberta": lambda folder, kind: save_encoder(folder, kind, LABELS),
    "bert": lambda folder, kind: save_encoder(folder, kind, LABELS, "Bert"),
    "distilbert": lambda folder, kind: save_encoder(folder, kind, LABELS, "DistilBert"),
}


@pytest.fixture(scope="module")
def folder_of(tmp_path_factory):
    pytest.importorskip("transformers")
    made = {}

    def of(make, kind="SequenceClassification"):
        if (make, kind) not in made:
            folder = tmp_path_factory.mktemp("models") / "checkpoint"
            made[make, kind] = str(MAKES[make](folder, kind))
        return made[make, kind]

    return of


def alone(folder, text, kind="SequenceClassification"):
    """What transformers itself gives, for one text, in the usual way."""
    import torch
    import transformers

    tokenizer = transformers.AutoTokenizer.from_pretrained(folder)
    model = getattr(transformers, f"AutoModelFor{kind}").from_pretrained(folder).eval()
    ids = tokenizer(text, truncation=True, max_length=500)["input_ids"]
    with torch.no_grad():
        return model(torch.tensor([ids])).logits[0].softmax(-1).tolist()


@pytest.mark.parametrize(
    ("make", "way"),
    [
        ("decoder", Way.PACKED),
        ("roberta", Way.PACKED),
        ("bert", Way.PACKED),
        ("distilbert", Way.OWN),
    ],
)
def test_a_text_scores_in_a_batch_as_it_does_alone(folder_of, make, way):
    folder = folder_of(make)
    classifier = TransformerClassifier(folder, max_tokens=500)
    assert classifier.server.way is way
    scores = classifier.score(TEXTS)
    for text, score in zip(TEXTS, scores, strict=True):
        if text:
            assert list(score.values()) == pytest.approx(alone(folder, text), abs=1e-4)
    assert len({tuple(score.values()) for score in scores}) == len(TEXTS)


@pytest.mark.slow
@pytest.mark.parametrize("make", ["decoder", "roberta"])
def test_tokens_are_packed_too(folder_of, make):
    folder = folder_of(make, "TokenClassification")
    from models.transformer.checkpoint import find_checkpoint
    from models.transformer.loading import load_server
    from models.transformer.network import Form

    server = load_server(find_checkpoint(folder), Form.OF_TOKENS)
    assert server.way is Way.PACKED
    rows = [Row(list(range(5, 5 + n)), range(n)) for n in (9, 3, 14)]
    together = server.outputs(rows)
    for row, output in zip(rows, together, strict=True):
        assert output.numpy() == pytest.approx(server.outputs([row])[0].numpy(), abs=1e-4)
        assert output.shape == (len(row.tokens), 3)


def test_attention_that_crosses_documents_is_found_out(folder_of, monkeypatch):
    from transformers.integrations.sdpa_attention import sdpa_attention_forward

    def crossing(module, query, key, value, attention_mask, **arguments):
        return sdpa_attention_forward(module, query, key, value, None, scaling=arguments["scaling"])

    monkeypatch.setattr(packing, "packed_attention", crossing)
    classifier = TransformerClassifier(folder_of("roberta"))
    assert classifier.server.way is Way.PADDED
    (score,) = classifier.score([ENGLISH])
    assert list(score.values()) == pytest.approx(alone(folder_of("roberta"), ENGLISH), abs=1e-4)


def test_layers_with_windows_are_not_packed(tmp_path):
    import json

    folder = save_decoder(tmp_path / "sliding", "SequenceClassification", LABELS)
    config = json.loads((folder / "config.json").read_text())
    config |= {"use_sliding_window": True, "sliding_window": 16, "layer_types": None}
    config["max_window_layers"] = 0
    (folder / "config.json").write_text(json.dumps(config))
    classifier = TransformerClassifier(str(folder))
    assert classifier.server.way is Way.PADDED
    found = [list(score.values()) for score in classifier.score([ENGLISH, CHINESE])]
    wanted = [alone(str(folder), text) for text in (ENGLISH, CHINESE)]
    assert found[0] == pytest.approx(wanted[0], abs=1e-4)
    assert found[1] == pytest.approx(wanted[1], abs=1e-4)


def starve(server, most):
    """Let the device have memory for so many tokens; returns the sizes of the batches it took."""
    import torch

    taken, forward = [], server.forward

    def starved(batch):
        size = sum(len(row.tokens) for row in batch)
        if size > most:
            raise torch.OutOfMemoryError("CUDA out of memory. Tried to allocate 2.00 GiB")
        taken.append(size)
        return forward(batch)

    server.forward = starved
    return taken


@pytest.mark.parametrize("make", ["decoder", "distilbert"])
def test_out_of_memory_halves_the_budget_and_goes_on(folder_of, make, caplog):
    classifier = TransformerClassifier(folder_of(make), max_tokens=60)
    wanted = classifier.score(TEXTS)
    taken = starve(classifier.server, 70)
    with caplog.at_level(logging.WARNING):
        assert classifier.score(TEXTS) == wanted
    assert 60 <= max(taken) <= 70
    assert 30 < classifier.server.tokens_per_batch <= 70
    assert "out of memory: batches of" in caplog.text
    caplog.clear()
    assert classifier.score(TEXTS) == wanted
    assert caplog.text.count("out of memory") <= 1  # it has learnt how much there is


def test_a_text_that_fits_into_no_memory_fails_the_task_and_not_the_text(folder_of):
    classifier = TransformerClassifier(folder_of("decoder"))
    starve(classifier.server, 3)
    with pytest.raises(DeviceError, match=r"no memory for \d+ tokens: CUDA out of memory"):
        classifier.score(TEXTS)


def test_a_gpu_that_disappears_fails_the_task(folder_of):
    classifier = TransformerClassifier(folder_of("decoder"))

    def gone(batch):
        raise RuntimeError("CUDA error: the launch timed out\nCUDA kernel errors might be …")

    classifier.server.forward = gone
    with pytest.raises(DeviceError, match=r"^CUDA error: the launch timed out$"):
        classifier.score([ENGLISH])


def test_an_error_of_the_model_stays_what_it_is(folder_of):
    classifier = TransformerClassifier(folder_of("decoder"))

    def wrong(batch):
        raise RuntimeError("shapes differ")

    classifier.server.forward = wrong
    with pytest.raises(RuntimeError, match="shapes differ") as raised:
        classifier.score([ENGLISH])
    assert not isinstance(raised.value, DeviceError)


@pytest.mark.parametrize("make", ["decoder", "roberta"])
@pytest.mark.parametrize("kind", ["float32", "bfloat16"])
def test_no_score_hangs_on_the_texts_beside_it_by_more_than_the_tolerance(folder_of, make, kind):
    import torch

    classifier = TransformerClassifier(folder_of(make), max_tokens=200)
    classifier.server.model.to(getattr(torch, kind))
    tolerance = BFLOAT16_TOLERANCE if kind == "bfloat16" else FLOAT32_TOLERANCE
    assert classifier.tolerance == tolerance
    together = classifier.score(TEXTS * 3)
    backwards = classifier.score(TEXTS[::-1])[::-1]
    for text, one, other in zip(TEXTS, together, backwards, strict=False):
        single = list(classifier.score_alone(text).values())
        assert list(one.values()) == pytest.approx(single, abs=tolerance)
        assert list(other.values()) == pytest.approx(single, abs=tolerance)


def test_the_budget_may_fall_while_batches_are_made():
    budget = [10]
    rows = [Row([1] * n, [0]) for n in (4, 6, 5, 5, 5, 30, 1)]
    sizes = []
    for batch in batches_in_order(rows, lambda: budget[0]):
        sizes.append([len(row.tokens) for row in batch])
        budget[0] = 5
    assert sizes == [[4, 6], [5], [5], [5], [30], [1]]


def test_positions_end_where_the_model_has_no_more(folder_of):
    classifier = TransformerClassifier(folder_of("roberta"), max_tokens=2_048)
    assert classifier.max_tokens == 513  # of 514, the padding token has the first
    assert classifier.score([ENGLISH * 20])[0].keys() == set(LABELS)
