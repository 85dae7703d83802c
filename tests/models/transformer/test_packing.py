"""What the GPU's kernel is asked for is what rows give one by one on a CPU."""

import inspect
import itertools

import pytest

from models.transformer import packing

pytestmark = pytest.mark.torch

LENGTHS = [3, 1, 6]


@pytest.fixture
def projections():
    torch = pytest.importorskip("torch")
    torch.manual_seed(4)
    total = sum(LENGTHS)
    query = torch.randn(1, 4, total, 8)
    key, value = torch.randn(1, 2, total, 8), torch.randn(1, 2, total, 8)
    starts = torch.tensor([0, 3, 4, 10], dtype=torch.int32)
    return query, key, value, starts


def by_its_documentation(query, key, value, cu_seq_q, cu_seq_k, max_q, max_k, **options):
    """What varlen_attn says that it does: (tokens, heads, width) in and out, a row at a time."""
    import torch

    assert set(options) == {"scale", "window_size", "enable_gqa", "num_splits"}
    assert options["num_splits"] == 1  # or the split would hang on the longest row of the batch
    assert (max_q, max_k) == (6, 6)
    assert cu_seq_q.dtype == torch.int32
    places, rows = cu_seq_q.tolist(), []
    shared = query.shape[1] // key.shape[1]
    assert options["enable_gqa"] == (shared > 1)
    for start, end in itertools.pairwise(places):
        q = query[start:end]
        k, v = (part[start:end].repeat_interleave(shared, dim=1) for part in (key, value))
        weights = torch.einsum("qhd,khd->hqk", q, k) * options["scale"]
        if options["window_size"] == (-1, 0):
            length = end - start
            later = torch.triu(torch.ones(length, length, dtype=torch.bool), diagonal=1)
            weights = weights.masked_fill(later, float("-inf"))
        rows.append(torch.einsum("hqk,khd->qhd", weights.softmax(-1), v))
    return torch.cat(rows)


@pytest.mark.parametrize("causal", [True, False])
def test_the_kernel_is_asked_for_the_same_rows(projections, monkeypatch, causal):
    varlen = pytest.importorskip("torch.nn.attention.varlen")
    signature = inspect.signature(varlen.varlen_attn)

    def kernel(*arguments, **options):
        signature.bind(*arguments, **options)
        return by_its_documentation(*arguments, **options)

    monkeypatch.setattr(varlen, "varlen_attn", kernel)
    query, key, value, starts = projections
    on_gpu = packing._on_gpu(query, key, value, starts, 6, 0.3, causal)
    on_cpu = packing._row_by_row(query, key, value, starts, 0.3, causal)
    assert on_gpu.shape == on_cpu.shape == (1, 10, 4, 8)
    assert on_gpu.numpy() == pytest.approx(on_cpu.numpy(), abs=1e-5)


@pytest.mark.parametrize("asked", ["sliding_window", "softcap", "position_bias", "s_aux"])
def test_what_cannot_be_had_is_refused(projections, asked):
    query, key, value, starts = projections
    with pytest.raises(ValueError, match=asked):
        packing.packed_attention(
            None, query, key, value, None, cu_seq_lens_q=starts, max_length_q=6, **{asked: 4}
        )
    with pytest.raises(ValueError, match="cannot be had with a mask"):
        packing.packed_attention(None, query, key, value, None)


def test_positions_begin_anew_in_each_row():
    torch = pytest.importorskip("torch")
    pack = packing.Pack.of([[7, 8, 9], [5]], 2, torch.device("cpu"))
    assert pack.input_ids.tolist() == [[7, 8, 9, 5]]
    assert pack.position_ids.tolist() == [[2, 3, 4, 2]]
    assert pack.starts.tolist() == [0, 3, 4]
    assert pack.longest == 3
