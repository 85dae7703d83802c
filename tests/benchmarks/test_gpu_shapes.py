"""What a share of a card's rate is computed from, against PyTorch's own count of operations."""

import pytest

pytestmark = pytest.mark.torch


@pytest.fixture(scope="module")
def shapes():
    pytest.importorskip("transformers")
    from benchmarks import gpu_shapes

    return gpu_shapes


def count(shapes, kind, shape, lengths):
    import torch
    from torch.utils.flop_counter import FlopCounterMode

    model = shapes.make_model(kind, shape, torch.device("cpu"), torch.float32, 1)
    model.set_attn_implementation("eager")  # every product of it is counted
    with torch.inference_mode(), FlopCounterMode(display=False) as counter:
        for row in shapes.random_rows(lengths, shape.vocabulary):
            model.base_model(input_ids=torch.tensor([row]))
    return counter.get_total_flops()


def test_operations_of_an_encoder_are_those_that_pytorch_counts(shapes):
    shape, lengths = shapes.SHAPES["small"]["embedding"], [40, 300]
    counted = count(shapes, "Model", shape, lengths)
    assert shape.operations(lengths) == pytest.approx(counted, rel=0.01)  # a pooler beside


def test_a_decoders_token_sees_half_of_its_row(shapes):
    shape, lengths = shapes.SHAPES["small"]["classifier"], [40, 300]
    counted = count(shapes, "ModelForSequenceClassification", shape, lengths)
    unseen = 2 * shape.layers * shape.hidden * sum(length**2 for length in lengths)
    assert shape.operations(lengths) == pytest.approx(counted - unseen, rel=0.01)


def test_the_true_shape_has_the_weights_of_its_name(shapes):
    large = shapes.SHAPES["true"]["classifier"]
    assert large.operations([1]) / 2 == pytest.approx(1.31e9, rel=0.01)
    embedding = shapes.SHAPES["true"]["embedding"]
    assert embedding.operations([1]) / 2 == pytest.approx(0.302e9, rel=0.01)


def test_the_mixture_is_the_same_every_time_and_as_long_as_it_says(shapes):
    lengths = shapes.mixture(4_096)
    assert lengths == shapes.mixture(4_096)
    assert min(lengths) >= 16
    assert max(lengths) <= 8_192
    assert sorted(lengths)[2_048] == pytest.approx(600, rel=0.1)
