"""A checkpoint of the Hugging Face form: where its files lie, its labels and a hash of them.

Nothing here loads weights: a driver without PyTorch can check and digest what workers will load.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from models.transformer.files import embedding_rows, read_json, read_weights
from models.transformer.heads import (
    INDEX,
    LINES,
    TEXT,
    HeadDescription,
    read_heads,
    refuse_foreign_weights,
)
from models.transformer.long_texts import POLICIES, LongTexts, Policy
from models.transformer.vocabulary import (
    Vocabulary,
    read_vocabulary,
    special_tokens,
    tokenizer_digest,
    why_foreign,
)

WANTED = ["*.json", "*.txt", "*.model", "*.safetensors"]
"""Weights, configuration and vocabulary; no code is fetched, and no pickle, which may be code."""

ARCHITECTURES: Mapping[str, str] = {
    TEXT: "ForSequenceClassification",
    LINES: "ForTokenClassification",
}
"""What the class of a checkpoint ends in, by what it reads."""

NOTES = "curation.json"
"""What this project's training says of a checkpoint that it wrote."""
TOKENIZER_DIGEST = "tokenizer_digest"
"""What it calls the hash of the tokenizer that was learnt with."""


@dataclass(frozen=True)
class Checkpoint:
    """A checkpoint by the ``name`` that it was asked by; its files lie in ``folder``.

    ``task`` is the head that was asked for, of several on one base; "" for the only one.
    """

    name: str
    folder: Path
    task: str = ""

    @cached_property
    def digest(self) -> str:
        """A hash over the names and contents of its files; of its heads only that of its task."""
        found = hashlib.blake2b(digest_size=16)
        for path in sorted(path for path in self.folder.rglob("*") if path.is_file()):
            name = path.relative_to(self.folder).as_posix()
            if self.head and name == INDEX:
                inner = hashlib.blake2b(repr(self.head).encode()).digest()
            elif self.head and name.startswith("heads/") and name != self.head.file:
                continue
            else:
                with path.open("rb") as content:
                    inner = hashlib.file_digest(content, "blake2b").digest()
            found.update(name.encode() + b"\0" + inner)
        return found.hexdigest()

    @cached_property
    def labels(self) -> tuple[str, ...]:
        """The names that ``id2label`` of its config.json gives, or its head's, in their order."""
        if self.head:
            return self.head.labels
        names = self._config.get("id2label") or {}
        try:
            return tuple(str(names[number]) for number in sorted(names, key=int))  # type: ignore[index, call-overload]
        except (TypeError, ValueError) as error:
            raise not_loadable(self.name, error) from error

    @cached_property
    def head(self) -> HeadDescription | None:
        """The head of its task; None for a checkpoint with one of its own.

        Raises ValueError for a task without a head, and where one of several must be named.
        """
        try:
            heads = read_heads(self.folder)
        except ValueError as error:
            raise not_loadable(self.name, error) from error
        if heads and self.task not in heads:
            raise ValueError(
                f"model {self.name!r}: it has the heads {', '.join(heads)}: name one of them, "
                f"{self.folder}#{next(iter(heads))}"
            )
        if self.task and not heads:
            raise ValueError(
                f"model {self.name!r}: there is no {INDEX} in {self.folder}, so it has one head "
                f"alone: leave out #{self.task}"
            )
        return heads.get(self.task)

    def that_reads(self, reads: str) -> Checkpoint:
        """The checkpoint, if it reads texts, or lines. Raises ValueError if it does not.

        Loading a base, or a classifier of another kind, would give it a head of random numbers.
        """
        if self.head and self.head.reads != reads:
            raise ValueError(f"model {self.name!r} reads {self.head.reads}, where {reads} are")
        wanted = ARCHITECTURES[reads]
        listed = self._config.get("architectures")
        names = [str(name) for name in listed] if isinstance(listed, list) else []
        if names and not self.head and not any(name.endswith(wanted) for name in names):
            raise ValueError(
                f"model {self.name!r} is a {names[0]} (architectures in its config.json): it must "
                f"be a …{wanted}, fine-tuned for the stage"
            )
        return self

    def label_among(self, known: Sequence[str]) -> str:
        """The first of ``known`` that is one of its labels. Raises ValueError if none is."""
        for label in known:
            if label in self.labels:
                return label
        where = INDEX if self.head else "id2label in its config.json"
        raise ValueError(
            f"model {self.name!r} has labels {sorted(self.labels)}: one of {list(known)} must be "
            f"among them ({where})"
        )

    def policy(self, asked: LongTexts) -> Policy:
        """What is read of long texts: as asked, or as its own notes say."""
        if asked != "as_trained":
            return asked
        found = self.notes.get("long_texts", "head")
        if found not in POLICIES:
            raise ValueError(
                f"model {self.name!r}: {NOTES}: long_texts = {found!r}: must be one of "
                f"{', '.join(POLICIES)}"
            )
        return found

    def max_tokens(self, usual: int) -> int:
        """The longest row: what its own notes say, or as usual."""
        found = self.notes.get("max_tokens", usual)
        if not isinstance(found, int) or found < 1:
            raise ValueError(
                f"model {self.name!r}: {NOTES}: max_tokens = {found!r}: must be an integer >= 1"
            )
        return found

    @cached_property
    def notes(self) -> Mapping[str, object]:
        """What its own curation.json says, if it has one."""
        path = self.folder / NOTES
        try:
            return read_json(path) if path.is_file() else {}
        except ValueError as error:
            raise not_loadable(self.name, error) from error

    def checked(self) -> Checkpoint:
        """The checkpoint, if its files can be loaded and may be, as far as can be seen of them.

        Raises ValueError for weights that are missing, damaged, pickled, or not its tokenizer's,
        and for notes of its own that say what cannot be.
        """
        self.policy("as_trained")
        self.max_tokens(1)
        config = self._config
        try:
            weights = read_weights(self.folder)
            vocabulary = read_vocabulary(self.folder)
            hidden = config.get("hidden_size")
            if self.head:
                refuse_foreign_weights(
                    self.folder, self.head, hidden if isinstance(hidden, int) else None
                )
        except ValueError as error:
            raise not_loadable(self.name, error) from error
        rows = embedding_rows(weights)
        self._refuse_exchanged_tokenizer()
        if rows is not None and vocabulary is not None:
            self.refuse_foreign_tokenizer(vocabulary, rows)
        return self

    def _refuse_exchanged_tokenizer(self) -> None:
        """Raise ValueError if its notes have the digest of another tokenizer."""
        noted, found = self.notes.get(TOKENIZER_DIGEST), tokenizer_digest(self.folder).hex()
        if noted not in {None, found}:
            raise ValueError(
                f"model {self.name!r}: its tokenizer is not the one that it has learnt with: its "
                f"files have the digest {found}, {NOTES} has {noted}: put back the files that were "
                "written with its weights"
            )

    def refuse_foreign_tokenizer(self, vocabulary: Vocabulary, rows: int) -> None:
        """Raise ValueError if its tokenizer cannot be that of a model of so many word embeddings.

        Where its notes have the tokenizer's digest, it need only have a row for each token.
        """
        if vocabulary.largest >= rows:
            raise ValueError(
                f"model {self.name!r}: its tokenizer has tokens up to {vocabulary.largest}, its "
                f"word embeddings {rows} rows: the tokenizer is another model's"
            )
        fault = why_foreign(vocabulary, rows, special_tokens(self._config, rows))
        if fault and TOKENIZER_DIGEST not in self.notes:
            vouched = json.dumps({TOKENIZER_DIGEST: tokenizer_digest(self.folder).hex()})
            raise ValueError(
                f"model {self.name!r}: its tokenizer is another model's: {fault}; if it is the "
                f"right one, write {vouched} into {self.folder / NOTES}"
            )

    @cached_property
    def _config(self) -> Mapping[str, object]:
        try:
            return read_json(self.folder / "config.json")
        except ValueError as error:
            raise not_loadable(self.name, error) from error


def find_checkpoint(name: str) -> Checkpoint:
    """The checkpoint in a folder, or the hub's of that name, fetched once into the local cache.

    What stands behind a ``#`` is the task whose head is meant. Raises ValueError if it is neither,
    ImportError if the hub is needed and cannot be asked.
    """
    if Path(name).is_dir():
        return Checkpoint(name, Path(name))
    place, _, task = name.partition("#")
    if Path(place).is_dir():
        return Checkpoint(name, Path(place), task)
    if place.startswith((".", "/", "~")):
        raise ValueError(
            f"model {name!r} is not a checkpoint that can be loaded: there is no folder {place}: "
            "name one that you have, make one with `curate train` (docs/finetuning.md), or try "
            "conf/dots_llm1_small.toml, whose tiny ones `make small-checkpoints` makes, or set "
            'model = "embedded"'
        )
    try:
        from huggingface_hub import snapshot_download
    except ImportError as error:
        raise without_extra(name) from error
    try:
        fetched = snapshot_download(place, allow_patterns=WANTED, ignore_patterns=["onnx/*"])
    except (OSError, ValueError) as error:
        raise not_loadable(name, _not_fetched(error)) from error
    return Checkpoint(name, Path(fetched), task)


def _not_fetched(error: Exception) -> ValueError:
    return ValueError(
        f"it must be a folder, and is none, or a name of the Hugging Face hub, which gives nothing "
        f"of that name ({first_line(error)})"
    )


def without_extra(name: str) -> ImportError:
    """The error of a model that needs packages which are not installed."""
    return ImportError(
        f"model {name!r} needs PyTorch and transformers: install the models extra, "
        "pip install 'curation[models]'"
    )


def first_line(error: Exception) -> str:
    """The first line of what an error says."""
    return str(error).strip().partition("\n")[0]


def not_loadable(name: str, error: Exception) -> ValueError:
    """The error of a name that no checkpoint can be loaded by, with the first line of the cause."""
    cause = first_line(error)
    return ValueError(f"model {name!r} is not a checkpoint that can be loaded: {cause}")
