"""The loop on tiny bases: it goes on to the same weights, and ends where weights would be none."""

from dataclasses import replace

import pytest

from models.finetuning.cross_validation import class_weights
from models.finetuning.examples import Example, Head, Reads
from models.finetuning.loop import NotFiniteError, Training, Weights
from models.finetuning.processes import Processes
from models.finetuning.settings import ClassWeights, TrainingSettings
from models.finetuning.trainee import load_trainee
from models.transformer.checkpoint import find_checkpoint
from tests.models.finetuning.bases import DECODER, ENCODER, save_base

pytestmark = pytest.mark.torch

PAGE_TYPE = Head("page_type", ("article", "listing"), Reads.TEXT)
CLUTTER = Head("clutter", ("clutter", "main"), Reads.LINES)
SETTINGS = TrainingSettings(epochs=3, patience=3, batch_size=4, max_tokens=48, learning_rate=1e-2)
WORDS = ["river", "mill", "water", "home", "news", "forum", "bridge", "stone"]


def examples(count=18):
    for number in range(count):
        lines = tuple(" ".join(WORDS[(number + n) % 8 :][: 3 + n]) for n in range(3))
        yield Example(
            f"{number}",
            f"site-{number % 6}",
            "en",
            "title" if number % 2 else "",
            "\n".join(lines),
            lines,
            {"page_type": number % 2},
            {"clutter": (number % 2, None, 1)},
        )


@pytest.fixture(scope="module")
def bases(tmp_path_factory):
    pytest.importorskip("transformers")
    folder = tmp_path_factory.mktemp("bases")
    return {
        shape: save_base(folder / shape, shape, [" ".join(WORDS)] * 20, dropout=0.2)
        for shape in (DECODER, ENCODER)
    }


class KilledError(Exception):
    pass


def training(base, path, *heads, settings=SETTINGS, say=lambda words: None, **changes):
    trainee = load_trainee(find_checkpoint(str(base)), heads, settings, "cpu")
    rows = trainee.reader.rows(list(examples()))
    learnt = [row for row in rows if row.example % 6]
    held = [row for row in rows if row.example % 6 == 0]
    weights = Weights({head.task: class_weights(learnt, head, settings) for head in heads})
    return Training(
        trainee,
        learnt,
        held,
        weights,
        settings,
        Processes(),
        path,
        say,
        **{"save_steps": 2} | changes,
    )


def weights_of(done):
    return {name: one.detach().clone() for name, one in done.trainee.parameters().items()}


FORMS = {
    "text": (ENCODER, [PAGE_TYPE], SETTINGS),
    "heads": (DECODER, [PAGE_TYPE, CLUTTER], SETTINGS),
    "adapted lines": (
        DECODER,
        [CLUTTER],
        replace(SETTINGS, lora_rank=2, class_weights=ClassWeights.BALANCED),
    ),
}


@pytest.mark.parametrize("form", FORMS)
def test_a_training_that_was_killed_goes_on_to_the_same_weights(bases, tmp_path, form):
    shape, heads, settings = FORMS[form]
    whole = training(bases[shape], tmp_path / "whole.safetensors", *heads, settings=settings)
    whole.run()
    path = tmp_path / "killed.safetensors"
    for last in (3, 6):  # in the middle of the first epoch, and of another
        killed = training(bases[shape], path, *heads, settings=settings)
        step, taken = killed._step, iter(range(last))

        def until(*arguments, step=step, taken=taken):
            if next(taken, None) is None:
                raise KilledError
            return step(*arguments)

        killed._step = until
        with pytest.raises(KilledError):
            killed.run()
    said = []
    again = training(bases[shape], path, *heads, settings=settings, say=said.append)
    position = again.run()
    assert said[0].startswith("goes on at epoch")
    assert len(position.losses) == settings.epochs
    found, expected = weights_of(again), weights_of(whole)
    assert found.keys() == expected.keys()
    assert all(found[name].equal(expected[name]) for name in found)


def test_another_seed_gives_other_weights(bases, tmp_path):
    one, other = (
        training(
            bases[ENCODER], tmp_path / f"{seed}", PAGE_TYPE, settings=replace(SETTINGS, seed=seed)
        )
        for seed in (1, 2)
    )
    one.run()
    other.run()
    name = "bert.encoder.layer.0.output.dense.weight"
    assert not weights_of(one)[name].equal(weights_of(other)[name])


def test_how_much_is_computed_at_once_moves_last_bits_alone(bases, tmp_path):
    settings = replace(SETTINGS, epochs=1)
    one = training(bases[DECODER], tmp_path / "a", PAGE_TYPE, CLUTTER, settings=settings)
    small = replace(settings, tokens_per_batch=60, gradient_checkpointing=True)
    other = training(bases[DECODER], tmp_path / "b", PAGE_TYPE, CLUTTER, settings=small)
    one.run()
    other.run()
    found, expected = weights_of(other), weights_of(one)
    for name in expected:
        assert found[name].sub(expected[name]).abs().max() < 1e-3, name


def test_the_best_epoch_is_kept_and_patience_ends_the_training(bases, tmp_path):
    settings = replace(SETTINGS, epochs=30, patience=2, learning_rate=0.1)
    done = training(bases[ENCODER], tmp_path / "a", PAGE_TYPE, settings=settings)
    position = done.run()
    assert position.epoch < 30
    assert position.best_epoch == position.epoch - 3
    assert done._validate() == pytest.approx(min(position.losses), abs=1e-6)


def test_a_loss_that_is_no_number_ends_with_the_step(bases, tmp_path):
    broken = training(bases[DECODER], tmp_path / "a", PAGE_TYPE)
    step = broken._step

    def poison(epoch, number, *others):
        if number == 2:
            broken.trainee.last["page_type"].weight.data.fill_(float("nan"))
        return step(epoch, number, *others)

    broken._step = poison
    with pytest.raises(NotFiniteError, match=r"loss nan.* at step 3 of epoch 1: lower --learning"):
        broken.run()


def test_merged_products_say_what_they_said_beside_the_weights(bases, tmp_path):
    settings = replace(SETTINGS, lora_rank=2)
    done = training(bases[DECODER], tmp_path / "a", PAGE_TYPE, settings=settings)
    names = set(done.trainee.parameters())
    assert any(name.endswith("lora_up") for name in names)
    assert "model.embed_tokens.weight" not in names
    done.run()
    before = done.trainee.logits(done.rows)["page_type"]
    done.trainee.merge()
    after = done.trainee.logits(done.rows)["page_type"]
    assert after.sub(before).abs().max() < 1e-4
    assert not any("lora" in name for name, _ in done.trainee.model.named_parameters())


def test_a_temperature_divides_the_logits(bases):
    for shape, heads in ((ENCODER, [PAGE_TYPE]), (DECODER, [PAGE_TYPE, CLUTTER])):
        trainee = load_trainee(find_checkpoint(str(bases[shape])), heads, SETTINGS, "cpu")
        trainee.train(mode=False)
        rows = trainee.reader.rows(list(examples()))
        for layer in trainee.last.values():
            layer.bias is None or layer.bias.data.fill_(0.5)
        before = trainee.logits(rows)
        trainee.fold_in({"page_type": 4.0})
        after = trainee.logits(rows)
        assert after["page_type"].mul(4).sub(before["page_type"]).abs().max() < 1e-5
        assert all(after[h.task].equal(before[h.task]) for h in heads if h.task == "clutter")


def test_rare_answers_weigh_as_much_together_as_common_ones(bases):
    trainee = load_trainee(find_checkpoint(str(bases[DECODER])), [PAGE_TYPE], SETTINGS, "cpu")
    found = [replace(one, answers={"page_type": int(one.id == "3")}) for one in examples()]
    rows = trainee.reader.rows(found)
    balanced = replace(SETTINGS, class_weights=ClassWeights.BALANCED)
    common, rare = class_weights(rows, PAGE_TYPE, balanced)
    assert rare == pytest.approx(17 * common)
    assert class_weights(rows, PAGE_TYPE, SETTINGS).tolist() == [1, 1]
