"""Attention that stays within a document, for rows that follow one another without padding.

It is registered with transformers under ``NAME``. The boundaries come with the arguments that
transformers gives to flash attention, and so does what each model asks for; what cannot be had this
way (windows that slide, biases, caps) is refused, and such a model is served with padding.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate, pairwise
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import torch
    from torch import Tensor

NAME = "curation_packed"
ASKED_TOO_MUCH = ("sliding_window", "softcap", "position_bias", "s_aux", "cache")


@dataclass(frozen=True)
class Pack:
    """Rows as one sequence: its tokens, where each row begins, and the arguments of a model."""

    input_ids: Tensor
    position_ids: Tensor
    starts: Tensor
    longest: int

    @classmethod
    def of(cls, rows: Sequence[Sequence[int]], first: int, device: torch.device) -> Pack:
        """Rows on a device; positions count from ``first`` in each of them."""
        import torch

        starts = [0, *accumulate(map(len, rows))]
        return cls(
            torch.tensor([[token for row in rows for token in row]], device=device),
            torch.tensor([[first + at for row in rows for at in range(len(row))]], device=device),
            torch.tensor(starts, dtype=torch.int32, device=device),
            max(map(len, rows)),
        )

    def arguments(self) -> dict[str, Tensor | int | bool | None]:
        """What a model is called with."""
        return {
            "input_ids": self.input_ids,
            "position_ids": self.position_ids,
            "attention_mask": None,
            "use_cache": False,
            "cu_seq_lens_q": self.starts,
            "cu_seq_lens_k": self.starts,
            "max_length_q": self.longest,
            "max_length_k": self.longest,
        }


def register() -> None:
    """Make it known to transformers, under ``NAME``."""
    from transformers import AttentionInterface

    AttentionInterface.register(NAME, packed_attention)


def packed_attention(
    module: torch.nn.Module,
    query: Tensor,
    key: Tensor,
    value: Tensor,
    attention_mask: Tensor | None,
    *,
    scaling: float | None = None,
    is_causal: bool | None = None,
    cu_seq_lens_q: Tensor | None = None,
    max_length_q: int | None = None,
    **others: object,
) -> tuple[Tensor, None]:
    """Attention of one sequence of packed rows; (1, heads, tokens, width) in, tokens first out.

    On a GPU by PyTorch's ``varlen_attn`` (flash attention), without splits over keys, so that a row
    is added up in one order whatever stands beside it; on a CPU row by row. Raises ValueError for
    what it cannot do.
    """
    asked = [name for name in ASKED_TOO_MUCH if others.get(name) is not None]
    if asked or attention_mask is not None or cu_seq_lens_q is None or max_length_q is None:
        raise ValueError(f"attention over packed rows cannot be had with {asked or 'a mask'}")
    causal = getattr(module, "is_causal", True) if is_causal is None else is_causal
    if query.is_cuda:
        return _on_gpu(query, key, value, cu_seq_lens_q, max_length_q, scaling, causal), None
    return _row_by_row(query, key, value, cu_seq_lens_q, scaling, causal), None


def _on_gpu(
    query: Tensor,
    key: Tensor,
    value: Tensor,
    starts: Tensor,
    longest: int,
    scaling: float | None,
    causal: bool,
) -> Tensor:
    import torch
    from torch.nn.attention.varlen import varlen_attn

    rows = (part[0].transpose(0, 1) for part in (query, key, value))  # (tokens, heads, width)
    found = varlen_attn(
        *rows,
        starts,
        starts,
        longest,
        longest,
        scale=scaling,
        window_size=(-1, 0) if causal else (-1, -1),
        enable_gqa=query.shape[1] != key.shape[1],
        num_splits=None if torch.version.hip else 1,  # AMD's kernel takes none
    )
    return found.unsqueeze(0)


def _row_by_row(
    query: Tensor, key: Tensor, value: Tensor, starts: Tensor, scaling: float | None, causal: bool
) -> Tensor:
    import torch
    from torch.nn.functional import scaled_dot_product_attention

    places = starts.tolist()
    found = [
        scaled_dot_product_attention(
            query[:, :, start:end],
            key[:, :, start:end],
            value[:, :, start:end],
            scale=scaling,
            is_causal=causal,
            enable_gqa=query.shape[1] != key.shape[1],
        )
        for start, end in pairwise(places)
    ]
    return torch.cat(found, dim=2).transpose(1, 2)
