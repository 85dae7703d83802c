"""What reads hidden states, as modules in float32. It imports PyTorch: import it to load."""

from __future__ import annotations

import copy
from collections.abc import Sequence
from pathlib import Path

import torch
from torch import Tensor, nn
from transformers import PreTrainedModel

from models.transformer.heads import HeadDescription


class FirstTokenHead(nn.Module):
    """The classifier of an encoder, over what a pooler, if there is one, makes of the first token.

    Both are modules of transformers that take (texts, tokens, hidden) and look at the first token.
    """

    def __init__(self, pooler: nn.Module | None, classifier: nn.Module) -> None:
        super().__init__()
        self.pooler = pooler
        self.classifier = classifier

    def forward(self, states: Tensor) -> Tensor:
        """(texts, hidden) in, (texts, labels) out."""
        tokens = states.unsqueeze(1)
        return self.classifier(tokens if self.pooler is None else self.pooler(tokens))


def head_of(model: PreTrainedModel, *, of_tokens: bool) -> nn.Module | None:
    """A copy of a classifier's head that reads hidden states; None if it is of no known make.

    A decoder has a ``score``, an encoder a ``classifier``.
    """
    found = getattr(model, "score", None)
    if found is None:
        found = getattr(model, "classifier", None)
        if found is not None and not of_tokens:
            found = FirstTokenHead(getattr(model.base_model, "pooler", None), found)
    return None if found is None else copy.deepcopy(found).float().eval()


def joined_heads(folder: Path, heads: Sequence[HeadDescription]) -> nn.Linear:
    """Several heads on one base as one layer: the logits of one after those of another.

    Raises ValueError for files that do not fit together.
    """
    from safetensors import SafetensorError
    from safetensors.torch import load_file

    try:
        read = [load_file(folder / head.file) for head in heads]
        weight = torch.cat([one["weight"] for one in read])
        bias = torch.cat([one["bias"] for one in read])
    except (OSError, KeyError, RuntimeError, SafetensorError) as error:
        raise ValueError(f"its heads cannot be read: {error}") from error
    layer = nn.Linear(weight.shape[1], weight.shape[0])
    layer.load_state_dict({"weight": weight.float(), "bias": bias.float()})
    return layer.eval()
