"""A network at work: rows of tokens in, what its head says at some of them out.

A batch goes through in one of three ways: rows *packed* one after another, without padding; rows
*padded* to the longest; or, where the head is of a make that is not known here, by the model's
*own* forward pass, padded too. ``models.transformer.probe`` finds out which.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable, Sequence
from enum import StrEnum
from typing import TYPE_CHECKING, NamedTuple

from models.base import DeviceError
from models.transformer.checkpoint import first_line
from models.transformer.device import current_device, is_of_device
from models.transformer.network import (
    TOKENS_PER_BATCH,
    Network,
    batches_by_length,
    batches_in_order,
)
from models.transformer.packing import Pack
from models.transformer.tokens import TextTokens

if TYPE_CHECKING:
    from torch import Tensor, nn
    from transformers import PreTrainedModel

logger = logging.getLogger(__name__)

DECIMALS = 4
"""Rounding hides most of what the other texts of a batch do to the last bits of a score."""

FLOAT32_TOLERANCE, BFLOAT16_TOLERANCE = 2e-4, 2e-2
"""The most by which a probability differs with the texts beside its own, rounding to ``DECIMALS``
included (docs/gpu.md)."""

FILLER_TOKENS = 512
"""Of a row that fills a batch up, at most: attention within it is cheap."""


class Way(StrEnum):
    """How batches go through a model."""

    PACKED = "packed"
    PADDED = "padded"
    OWN = "own"


class Row(NamedTuple):
    """One sequence for a model, and the tokens at which its output is read."""

    tokens: Sequence[int]
    places: Sequence[int]


class Server:
    """A network that answers, in evaluation mode, on the device that its process has.

    ``head`` makes (n, width) of (n, hidden), both float32; without one it is hidden states that are
    read. ``tokens_per_batch`` is halved when the device has no memory for a batch, and stays so.
    With ``in_one_shape`` packed batches that are not exact are filled up to it: a device chooses
    its kernels, and with them the order of its additions, by the shapes of what it multiplies.
    """

    def __init__(self, network: Network, tokens: TextTokens, head: nn.Module | None = None) -> None:
        self.network = network
        self.model = network.model
        self.tokens = tokens
        self.head = head
        self.way = Way.PADDED
        self.in_one_shape = False
        self.tokens_per_batch = TOKENS_PER_BATCH
        self.first_position, self._positions = positions_of(self.model)

    def place_of(self, tokens: Sequence[int]) -> int:
        """Where a text is read: at its last token by the heads of decoders, else at its first."""
        return len(tokens) - 1 if hasattr(self.model, "score") else 0

    @property
    def is_exact(self) -> bool:
        """Whether it computes in float32."""
        import torch

        return self.model.dtype == torch.float32

    @property
    def tolerance(self) -> float:
        """The most by which a probability differs with the texts beside its own."""
        return FLOAT32_TOLERANCE if self.is_exact else BFLOAT16_TOLERANCE

    def room(self, max_tokens: int) -> int:
        """How many tokens a row may have: no more than the model has positions for."""
        return min(max_tokens, self._positions or max_tokens)

    def outputs(self, rows: Iterable[Row]) -> list[Tensor]:
        """(places, width) for each row, in order, float32 on the CPU.

        Rows may come while they are made: packed ones are batched in the order of their coming.
        Raises DeviceError if the device fails, or has no memory for a row alone, ValueError if an
        output is no number.
        """
        import torch

        self._follow_device()
        with torch.inference_mode():
            if self.way is Way.PACKED:
                batches = batches_in_order(rows, lambda: self.tokens_per_batch)
                found = [output for batch in batches for output in self._try(batch)]
            else:
                found = self._sorted(list(rows))
            counts = [len(output) for output in found]
            return list(numbers_alone(torch.cat(found).cpu()).split(counts)) if found else []

    def forward(self, batch: Sequence[Row]) -> list[Tensor]:
        """The same for one batch, on the device."""
        if self.way is Way.OWN:
            return self.own(batch)
        states = self.packed(batch) if self.way is Way.PACKED else self.padded(batch)
        found = states if self.head is None else self.head(states)
        return list(found.split([len(row.places) for row in batch]))

    def packed(self, batch: Sequence[Row]) -> Tensor:
        """The hidden states at the places of all rows, one after another, without padding."""
        import torch

        rows = [row.tokens for row in batch]
        if self.in_one_shape and not self.is_exact:
            missing = self.tokens_per_batch - sum(map(len, rows))
            rows += filler(missing, self.network.padding, self.room(FILLER_TOKENS))
        pack = Pack.of(rows, self.first_position, self.model.device)
        states = self.model.base_model(**pack.arguments()).last_hidden_state[0]
        at, places = 0, []
        for row in batch:
            places += [at + place for place in row.places]
            at += len(row.tokens)
        return states[torch.tensor(places, device=states.device)].float()

    def padded(self, batch: Sequence[Row]) -> Tensor:
        """The same with padding."""
        return _gather(self.model.base_model(**self._fill(batch)).last_hidden_state, batch)

    def own(self, batch: Sequence[Row]) -> list[Tensor]:
        """The model's own logits: one of each row as a whole, or those at its places."""
        logits = self.model(**self._fill(batch)).logits
        if logits.ndim == 2:  # noqa: PLR2004 - (rows, labels) of texts, else (rows, tokens, labels)
            return list(logits.float().split(1))
        return list(_gather(logits, batch).split([len(row.places) for row in batch]))

    def _sorted(self, rows: Sequence[Row]) -> list[Tensor]:
        found: dict[int, Tensor] = {}
        for batch in batches_by_length([len(row.tokens) for row in rows], self.tokens_per_batch):
            outputs = self._try([rows[number] for number in batch])
            found |= zip(batch, outputs, strict=True)
        return [found[number] for number in range(len(rows))]

    def _try(self, batch: Sequence[Row]) -> list[Tensor]:
        """The outputs of a batch; of its halves, where the device has no memory for it."""
        import torch

        try:
            return self.forward(batch)
        except torch.OutOfMemoryError as error:
            if len(batch) == 1:
                tokens = len(batch[0].tokens)
                raise DeviceError(f"no memory for {tokens} tokens: {first_line(error)}") from error
        except RuntimeError as error:
            if is_of_device(error):
                raise DeviceError(first_line(error)) from error
            raise
        # Outside the handler: the error holds on to what the batch had taken.
        torch.cuda.empty_cache()
        tokens = sum(len(row.tokens) for row in batch)
        self.tokens_per_batch = max(1, min(self.tokens_per_batch, tokens // 2))
        logger.warning("out of memory: batches of %d tokens from now on", self.tokens_per_batch)
        middle = len(batch) // 2
        return [*self._try(batch[:middle]), *self._try(batch[middle:])]

    def _fill(self, batch: Sequence[Row]) -> dict[str, Tensor]:
        import torch

        longest, device = max(len(row.tokens) for row in batch), self.model.device
        gaps = [longest - len(row.tokens) for row in batch]
        filled = [
            [*row.tokens, *[self.network.padding] * n] for row, n in zip(batch, gaps, strict=True)
        ]
        mask = [[1] * (longest - gap) + [0] * gap for gap in gaps]
        return {
            "input_ids": torch.tensor(filled, device=device),
            "attention_mask": torch.tensor(mask, device=device),
        }

    def _follow_device(self) -> None:
        """Move to the GPU that this process has now, if that is another one."""
        device = current_device()
        if device != self.model.device:
            self.model.to(device)
            if self.head is not None:
                self.head.to(device)


def filler(tokens: int, padding: int, most: int) -> list[list[int]]:
    """Rows of padding that have so many tokens together, ``most`` each; none for less than one.

    >>> [len(row) for row in filler(1100, 0, 512)], filler(-3, 0, 512)
    ([512, 512, 76], [])
    """
    return [[padding] * min(most, tokens - start) for start in range(0, tokens, most)]


def positions_of(model: PreTrainedModel) -> tuple[int, int | None]:
    """The number of a text's first position, and how many there are where positions are learnt."""
    embeddings = getattr(model.base_model, "embeddings", None)
    learnt = getattr(embeddings, "position_embeddings", None)
    if learnt is None or not hasattr(learnt, "num_embeddings"):
        return 0, None
    first = 0 if learnt.padding_idx is None else learnt.padding_idx + 1
    return first, learnt.num_embeddings - first


def numbers_alone(outputs: Tensor) -> Tensor:
    """The outputs, if they are numbers. Raises ValueError otherwise.

    NaN is below no threshold and above none: a document would be removed for it, or kept.
    """
    if not bool(outputs.isfinite().all()):
        raise ValueError(
            "the model gives no number for this text: its weights are damaged, or were trained in "
            "a precision that this device lacks"
        )
    return outputs


def chances_of(logits: Tensor) -> Tensor:
    """Probabilities of (n, labels): the sigmoid of one label, the softmax of several."""
    return logits.sigmoid() if logits.shape[-1] == 1 else logits.softmax(dim=-1)


def _gather(states: Tensor, batch: Sequence[Row]) -> Tensor:
    """(rows, tokens, width) at the places of all rows, one after another, float32."""
    import torch

    numbers = [number for number, row in enumerate(batch) for _ in row.places]
    places = [place for row in batch for place in row.places]
    device = states.device
    chosen = states[torch.tensor(numbers, device=device), torch.tensor(places, device=device)]
    return chosen.float()
