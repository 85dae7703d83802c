"""Train a tokenizer of the embedded one's kind on texts.

A byte-level BPE (Sennrich et al. 2016; byte level as in GPT-2), so that every text has tokens and
comes back unchanged.
"""

from __future__ import annotations

import gzip
from collections.abc import Iterator

from models.tokenizer import EMBEDDED_EOS

VOCABULARY_SIZE = 16_384
MAX_TOKEN_LENGTH = 16

WORDS = (
    r"(?i:'s|'t|'re|'ve|'m|'ll|'d)|\p{Han}+|[^\r\n\p{L}\p{N}]?[\p{L}&&[^\p{Han}]]+"
    r"|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+"
)
"""Merges never cross these pieces: runs of Chinese, words with one mark before them, numbers of
at most three digits, marks, line ends. As in the tokenizers of GPT-4 and Qwen2.5, but that Chinese
runs are kept apart from Latin ones, which are often written without a space between."""


def fit(texts: Iterator[str], vocabulary_size: int = VOCABULARY_SIZE) -> bytes:
    """A tokenizer's file, as ``models.tokenizer`` reads the embedded one; EMBEDDED_EOS is id 0."""
    from tokenizers import Regex, Tokenizer, decoders, models, pre_tokenizers, trainers

    tokenizer = Tokenizer(models.BPE())
    tokenizer.pre_tokenizer = pre_tokenizers.Sequence(
        [
            pre_tokenizers.Split(Regex(WORDS), behavior="isolated"),
            pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=False),
        ]
    )
    tokenizer.decoder = decoders.ByteLevel()
    trainer = trainers.BpeTrainer(
        vocab_size=vocabulary_size,
        special_tokens=[EMBEDDED_EOS],
        initial_alphabet=pre_tokenizers.ByteLevel.alphabet(),
        max_token_length=MAX_TOKEN_LENGTH,
        show_progress=False,
    )
    tokenizer.train_from_iterator(texts, trainer)
    return gzip.compress(tokenizer.to_str().encode(), 9, mtime=0)
