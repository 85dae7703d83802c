"""A checkpoint loaded: its tokenizer and its model, and batches of token rows through them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from models.transformer.checkpoint import Checkpoint, not_loadable, without_extra

if TYPE_CHECKING:
    from torch import Tensor
    from transformers import PreTrainedModel, PreTrainedTokenizerBase

TOKENS_PER_BATCH = 16_384
"""Padding included: a batch is as many texts of like length as fit."""

DECIMALS = 4
"""Rounding hides most of what the other texts of a batch do to the last bits of a score."""


@dataclass(frozen=True)
class Network:
    """A tokenizer and a model in evaluation mode, on the device where they run."""

    tokenizer: PreTrainedTokenizerBase
    model: PreTrainedModel

    @property
    def padding(self) -> int:
        """The token that fills a batch up: the tokenizer's own, else its end token, else 0."""
        for token in (self.tokenizer.pad_token_id, self.tokenizer.eos_token_id):
            if token is not None:
                return int(token)
        return 0

    @property
    def separator(self) -> int:
        """The tokenizer's own separator token, else the token that fills batches up."""
        token = self.tokenizer.sep_token_id
        return self.padding if token is None else int(token)

    def logits(self, rows: Sequence[Sequence[int]]) -> Tensor:
        """Those of a batch of token rows, float32 on the CPU; rows are padded on the right."""
        import torch

        longest, padding = max(map(len, rows)), self.padding
        filled = [[*row, *[padding] * (longest - len(row))] for row in rows]
        mask = [[1] * len(row) + [0] * (longest - len(row)) for row in rows]
        with torch.inference_mode():
            output = self.model(
                input_ids=torch.tensor(filled, device=self.model.device),
                attention_mask=torch.tensor(mask, device=self.model.device),
            )
        return output.logits.float().cpu()


def load_network(checkpoint: Checkpoint, model_class: str) -> Network:
    """The checkpoint as a ``transformers`` class of that name, on the GPU if there is one.

    bfloat16 on a GPU, float32 on a CPU. Decoders such as Qwen2 name no padding token, or one that
    their classifier does not know: the model is given the one that fills batches up. Raises
    ImportError without the models extra, ValueError for what is not a checkpoint.
    """
    try:
        import torch
        import transformers
    except ImportError as error:
        raise without_extra(checkpoint.name) from error
    on_gpu = torch.cuda.is_available()
    try:
        folder = checkpoint.folder
        tokenizer = transformers.AutoTokenizer.from_pretrained(folder, trust_remote_code=False)
        model = getattr(transformers, model_class).from_pretrained(
            folder,
            use_safetensors=True,
            trust_remote_code=False,
            dtype=torch.bfloat16 if on_gpu else torch.float32,
        )
    except OSError as error:
        raise not_loadable(checkpoint.name, error) from error
    network = Network(tokenizer, model.eval().to("cuda" if on_gpu else "cpu"))
    model.config.pad_token_id = network.padding
    return network


def batches_by_length(lengths: Sequence[int], tokens_per_batch: int) -> Iterator[list[int]]:
    """Item numbers, longest first, in batches that stay within the budget with their padding.

    An item longer than the budget is a batch of its own. Equal lengths keep their order.

    >>> list(batches_by_length([2, 9, 3, 4], 10))
    [[1], [3, 2], [0]]
    """
    batch: list[int] = []
    for i in sorted(range(len(lengths)), key=lambda i: (-lengths[i], i)):
        if batch and (len(batch) + 1) * lengths[batch[0]] > tokens_per_batch:
            yield batch
            batch = []
        batch.append(i)
    if batch:
        yield batch
