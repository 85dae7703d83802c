"""Finds out, by three short rows, in which way a model can be served."""

from __future__ import annotations

import logging
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING

from models.transformer import packing
from models.transformer.checkpoint import first_line
from models.transformer.serving import Row, Server, Way

if TYPE_CHECKING:
    from torch import Tensor
    from transformers import PretrainedConfig, PreTrainedModel

logger = logging.getLogger(__name__)

EXACT, ROUNDED = 1e-3, 5e-2
"""The most by which the two sides of a comparison differ, relative to their norm, in float32 and
in bfloat16. A document that sees its neighbour differs by some tenths."""

LENGTHS = (5, 11, 7)

REFUSALS = (ImportError, AttributeError, LookupError, TypeError, ValueError, RuntimeError)
"""What a model of another make, or another release of a library, may have against a way."""


def choose_way(server: Server) -> None:
    """Serve it in the fastest way whose outputs are those of the model alone with each row."""
    import torch

    rows = _rows(server)
    with torch.inference_mode():
        try:
            _check_head(server, rows)
        except REFUSALS as error:
            logger.info("served by its own forward pass: %s", first_line(error))
            server.way = Way.OWN
            return
        alone = torch.cat([server.padded([row]) for row in rows])
        try:
            _refuse_layers(server.model.config)
            with _packing_tried(server.model):
                _compare(server, server.packed(rows), alone)
            server.way = Way.PACKED
        except REFUSALS as error:
            logger.info("served with padding: %s", first_line(error))


@contextmanager
def _packing_tried(model: PreTrainedModel) -> Iterator[None]:
    """Give the model attention over packed rows; where the block fails it has its own again."""
    usual = model.config._attn_implementation  # noqa: SLF001 - it has no other name
    model.set_attn_implementation(packing.NAME)
    try:
        yield
    except REFUSALS:
        model.set_attn_implementation(usual)
        raise


def _rows(server: Server) -> list[Row]:
    """Rows of various tokens, none of which fills batches up, read everywhere."""
    size = min(server.model.get_input_embeddings().num_embeddings, 500)
    usable = [token for token in range(size) if token != server.network.padding] or [0]
    tokens = [usable[number * 37 % len(usable)] for number in range(max(LENGTHS))]
    return [Row(tokens[:length][::-1], range(length)) for length in LENGTHS]


def _check_head(server: Server, rows: Sequence[Row]) -> None:
    """Raise ValueError if the head makes other logits of hidden states than the model does."""
    import torch

    if server.head is None:
        return
    wanted = [server.own([row])[0] for row in rows]
    if all(len(one) == 1 for one in wanted):  # of texts as wholes
        rows = [Row(row.tokens, [server.place_of(row.tokens)]) for row in rows]
    found = [server.head(server.padded([row])) for row in rows]
    _compare(server, torch.cat(found), torch.cat(wanted))


def _refuse_layers(config: PretrainedConfig) -> None:
    """Raise ValueError for a model with layers that do not see the whole of a text.

    Rows as short as those of the probe would not show it.
    """
    kinds = set(getattr(config, "layer_types", None) or ["full_attention"])
    windows = [getattr(config, name, None) for name in ("sliding_window", "attention_chunk_size")]
    if kinds != {"full_attention"} or any(window is not None for window in windows):
        raise ValueError(f"it has layers of other kinds: {sorted(kinds)}, windows {windows}")


def _compare(server: Server, found: Tensor, wanted: Tensor) -> None:
    """Raise ValueError if they differ by more than rounding."""
    if found.shape != wanted.shape:
        raise ValueError(f"the shape is {tuple(found.shape)}, not {tuple(wanted.shape)}")
    difference = float((found - wanted).norm() / wanted.norm())
    if not difference <= (EXACT if server.is_exact else ROUNDED):
        raise ValueError(f"the outputs differ by {difference:.2g} of their norm")
