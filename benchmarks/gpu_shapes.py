"""Models of true shapes with random weights, rows of random tokens, and what they cost."""

from __future__ import annotations

import math
import random
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
import transformers
from tokenizers import Tokenizer, models, pre_tokenizers, processors

LENGTHS = (256, 1_024, 2_048, 8_192)
MEDIAN, SIGMA, SHORTEST, LONGEST, SEED = 600, 1.0, 16, 8_192, 1
"""The mixture: log-normal lengths in tokens, of mean 989 before they are cut to these bounds."""
LINE_TOKENS = 32
"""A separator, where heads of lines read, stands behind so many."""


@dataclass(frozen=True)
class Shape:
    """A transformer in numbers; with ``kv_heads`` a decoder of Qwen2's make, else of XLM-R's."""

    hidden: int
    layers: int
    heads: int
    intermediate: int
    vocabulary: int
    kv_heads: int = 0

    def config(self, labels: int = 2) -> Any:
        """The configuration of transformers that makes it."""
        common = {
            "vocab_size": self.vocabulary,
            "hidden_size": self.hidden,
            "num_hidden_layers": self.layers,
            "num_attention_heads": self.heads,
            "intermediate_size": self.intermediate,
            "num_labels": labels,
        }
        if self.kv_heads:
            return transformers.Qwen2Config(
                **common, num_key_value_heads=self.kv_heads, max_position_embeddings=32_768
            )
        return transformers.XLMRobertaConfig(
            **common, max_position_embeddings=LONGEST + 2, type_vocab_size=1, pad_token_id=1
        )

    def operations(self, lengths: Sequence[int]) -> float:
        """Of a forward pass: two a weight and token, and the products of attention.

        A decoder's token sees half of its row on average.
        """
        if self.kv_heads:
            width = self.hidden // self.heads * self.kv_heads
            weights = 2 * self.hidden * (self.hidden + width) + 3 * self.hidden * self.intermediate
            seen = 0.5
        else:
            weights = 4 * self.hidden**2 + 2 * self.hidden * self.intermediate
            seen = 1.0
        pairs = sum(length * length for length in lengths)
        return self.layers * (2 * weights * sum(lengths) + 4 * self.hidden * seen * pairs)


SHAPES = {
    "true": {
        "classifier": Shape(1_536, 28, 12, 8_960, 151_936, kv_heads=2),  # Qwen2.5-1.5B
        "embedding": Shape(1_024, 24, 16, 4_096, 250_002),  # XLM-R large, BGE-M3
    },
    "small": {
        "classifier": Shape(256, 2, 4, 1_024, 4_096, kv_heads=2),
        "embedding": Shape(256, 2, 4, 1_024, 4_096),
    },
}


def make_model(kind: str, shape: Shape, device: torch.device, dtype: torch.dtype, seed: int) -> Any:
    """A model of that class of transformers with random weights, made on its device."""
    torch.manual_seed(seed)
    before = torch.get_default_dtype()
    torch.set_default_dtype(dtype)
    try:
        with device:
            make = getattr(transformers, f"Auto{kind}").from_config
            return make(shape.config(), attn_implementation="sdpa").to(dtype).eval()
    finally:
        torch.set_default_dtype(before)


def mixture(count: int) -> list[int]:
    """Lengths of so many documents."""
    dice = random.Random(SEED)
    drawn = (dice.lognormvariate(math.log(MEDIAN), SIGMA) for _ in range(count))
    return [max(SHORTEST, min(LONGEST, round(length))) for length in drawn]


def random_rows(lengths: Sequence[int], vocabulary: int) -> list[list[int]]:
    """Rows of tokens of these lengths, none of them one of the first ten, which are special."""
    dice = torch.Generator().manual_seed(SEED)
    drawn = torch.randint(10, vocabulary, (sum(lengths),), generator=dice)
    return [row.tolist() for row in drawn.split(list(lengths))]


def save_tokenizer(folder: Path, vocabulary: int) -> None:
    """One whose token of number 25 is the word "w25"; rows stand between two special tokens."""
    words = ["<s>", "<pad>", "</s>", "<unk>", *(f"w{number}" for number in range(4, vocabulary))]
    numbers = {word: number for number, word in enumerate(words)}
    made = Tokenizer(models.WordLevel(numbers, unk_token="<unk>"))
    made.pre_tokenizer = pre_tokenizers.WhitespaceSplit()
    made.post_processor = processors.TemplateProcessing(
        single="<s> $A </s>", special_tokens=[("<s>", 0), ("</s>", 2)]
    )
    special = {"bos_token": "<s>", "pad_token": "<pad>", "eos_token": "</s>", "unk_token": "<unk>"}
    transformers.PreTrainedTokenizerFast(tokenizer_object=made, **special).save_pretrained(folder)
