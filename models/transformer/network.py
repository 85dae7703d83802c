"""A checkpoint loaded: its tokenizer and its model; and rows of tokens in batches."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Protocol, TypeVar

from models.transformer.checkpoint import Checkpoint, not_loadable, without_extra
from models.transformer.device import current_device
from models.transformer.vocabulary import vocabulary_of

if TYPE_CHECKING:
    from transformers import PreTrainedModel, PreTrainedTokenizerBase

TOKENS_PER_BATCH = 16_384
"""Padding included, where there is some: a batch is as many texts as fit."""


class Form(StrEnum):
    """What a checkpoint is loaded as: a class of transformers."""

    OF_TEXTS = "AutoModelForSequenceClassification"
    OF_TOKENS = "AutoModelForTokenClassification"
    BASE = "AutoModel"


@dataclass(frozen=True)
class Network:
    """A tokenizer and a model, on the device where it runs."""

    tokenizer: PreTrainedTokenizerBase
    model: PreTrainedModel

    @property
    def padding(self) -> int:
        """The token that fills a batch up: the tokenizer's own, else its end token, else 0."""
        tokenizer = self.tokenizer
        for token in (tokenizer.pad_token_id, tokenizer.eos_token_id):
            if token is not None:
                return int(token)
        return 0

    @property
    def separator(self) -> int:
        """The tokenizer's own separator token, else its end token, else what fills batches up."""
        tokenizer = self.tokenizer
        for token in (tokenizer.sep_token_id, tokenizer.eos_token_id):
            if token is not None:
                return int(token)
        return self.padding


def load_network(checkpoint: Checkpoint, form: Form) -> Network:
    """The checkpoint on the GPU that this process has, else on the CPU.

    bfloat16 on a GPU, float32 on a CPU. Decoders such as Qwen2 name no padding token, or one that
    their classifier does not know: the model is given the one that fills batches up. Raises
    ImportError without the models extra, ValueError for what is not a checkpoint, DeviceError for a
    GPU that is not there.
    """
    try:
        import torch
        import transformers
        from safetensors import SafetensorError
    except ImportError as error:
        raise without_extra(checkpoint.name) from error
    device, folder = current_device(), checkpoint.folder
    try:
        tokenizer = transformers.AutoTokenizer.from_pretrained(folder, trust_remote_code=False)
        model = getattr(transformers, form).from_pretrained(
            folder,
            use_safetensors=True,
            trust_remote_code=False,
            dtype=torch.float32 if device.type == "cpu" else torch.bfloat16,
        )
    except (OSError, SafetensorError) as error:
        raise not_loadable(checkpoint.name, error) from error
    checkpoint.refuse_foreign_tokenizer(
        vocabulary_of(tokenizer), model.get_input_embeddings().num_embeddings
    )
    network = Network(tokenizer, model.eval().to(device))
    model.config.pad_token_id = network.padding
    return network


class HasTokens(Protocol):
    """What a batch is made of."""

    @property
    def tokens(self) -> Sequence[int]:
        """Those that it brings."""
        ...


Item = TypeVar("Item", bound=HasTokens)


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


def batches_in_order(
    items: Iterable[Item], tokens_per_batch: Callable[[], int]
) -> Iterator[list[Item]]:
    """Items as they come, in batches that stay within the budget, which may fall meanwhile.

    An item longer than the budget is a batch of its own.
    """
    batch: list[Item] = []
    size = 0
    for item in items:
        if batch and size + len(item.tokens) > tokens_per_batch():
            yield batch
            batch, size = [], 0
        batch.append(item)
        size += len(item.tokens)
    if batch:
        yield batch
