"""Texts as token numbers, cut in threads ahead of the model, once for all that cut alike."""

from __future__ import annotations

import hashlib
import os
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from models.transformer.recent import Recent
from models.transformer.vocabulary import tokenizer_digest

if TYPE_CHECKING:
    from transformers import PreTrainedTokenizerBase

Item = TypeVar("Item")
Result = TypeVar("Result")

MAX_THREADS = 4
AHEAD = 4
"""Items for each thread that may be ready before they are asked for."""

_recent: Recent[list[list[int]]] = Recent()
"""For all tokenizers of a process: a key has the digest of one's files."""


class TextTokens:
    """A tokenizer of texts, without the special tokens that go around them.

    Those are ``prefix`` and ``suffix``. What was cut last is remembered, for every tokenizer of the
    process that is made of equal files: classifiers after one another ask for the same documents.
    """

    def __init__(self, tokenizer: PreTrainedTokenizerBase, folder: Path) -> None:
        self.tokenizer = tokenizer
        # transformers takes the class from config.json: two of equal files may cut differently.
        kind = type(tokenizer).__name__.encode()
        self._digest = hashlib.blake2b(tokenizer_digest(folder) + kind, digest_size=32).digest()
        # Also settles the tokenizer's own state before threads share it.
        plain = self.encode("a")
        whole = [int(token) for token in tokenizer("a", verbose=False)["input_ids"]]
        start = find_run(whole, plain)
        self.prefix, self.suffix = whole[:start], whole[start + len(plain) :]

    def encode(self, text: str) -> list[int]:
        """The tokens of a text."""
        return self.encode_all([text])[0]

    def encode_all(self, texts: Sequence[str]) -> list[list[int]]:
        """The tokens of each text, of a document's lines for instance; remembered together."""
        if not texts:
            return []
        # Tokenizers take no lone surrogates.
        readable = [text.encode("utf-8", "replace").decode() for text in texts]
        content = "\0".join([str(len(readable)), *readable]).encode()
        key = hashlib.blake2b(content, key=self._digest, digest_size=16).digest()
        found = _recent.get(key)
        if found is None:
            cut = self.tokenizer(readable, add_special_tokens=False, verbose=False)
            found = [list(map(int, one)) for one in cut["input_ids"]]
            _recent.add(key, found)
        return found

    def enclose(self, tokens: Sequence[int]) -> list[int]:
        """Tokens of a text with the special ones around them."""
        return [*self.prefix, *tokens, *self.suffix]


def find_run(whole: Sequence[int], run: Sequence[int]) -> int:
    """Where a run of tokens begins in a longer one; its end where it is not in it.

    >>> find_run([0, 5, 2], [5]), find_run([0, 2], [5])
    (1, 2)
    """
    places = range(len(whole) - len(run) + 1)
    return next((at for at in places if list(whole[at : at + len(run)]) == list(run)), len(whole))


def ahead(work: Callable[[Item], Result], items: Iterable[Item]) -> Iterator[Result]:
    """What ``work`` makes of each item, in order, by threads that are some items ahead."""
    threads = min(MAX_THREADS, os.cpu_count() or 1)
    with ThreadPoolExecutor(threads) as pool:
        waiting: deque[Future[Result]] = deque()
        for item in items:
            waiting.append(pool.submit(work, item))
            if len(waiting) > AHEAD * threads:
                yield waiting.popleft().result()
        while waiting:
            yield waiting.popleft().result()
