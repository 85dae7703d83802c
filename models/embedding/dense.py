"""Dense embeddings of a checkpoint: BGE-M3, and whatever sentence-transformers writes.

A checkpoint whose vector is the hidden state of one token (BGE-M3's is that of the first) is served
as classifiers are, by ``models.transformer``. Any other (a mean over tokens, a layer on top, a
prompt) is run by sentence-transformers itself.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import numpy as np

from models.kernels.arrays import Float32Array
from models.transformer.checkpoint import Checkpoint, find_checkpoint
from models.transformer.files import read_json
from models.transformer.loading import load_server
from models.transformer.long_texts import LongTexts, read_text
from models.transformer.network import Form
from models.transformer.serving import Row
from models.transformer.tokens import ahead

if TYPE_CHECKING:
    from sentence_transformers import SentenceTransformer
    from torch import Tensor

MAX_TOKENS = 8_192
MAX_CHARS = 32_768
"""Of a text, where sentence-transformers reads it: about what 8,192 tokens hold."""

Place = Literal["first", "last"]
POOLING: Mapping[str, Place] = {"cls": "first", "lasttoken": "last"}
SERVED = ("Transformer", "Pooling", "Normalize")
"""The modules of sentence-transformers that are done here."""


class DenseEmbedding:
    """Unit vectors by the hidden state of one token of each row; by ``mean``, of several rows."""

    def __init__(self, name: str, place: Place, *, long_texts: LongTexts = "as_trained") -> None:
        checkpoint = find_checkpoint(name)
        self.name = name
        self._place = place
        self._policy = checkpoint.policy(long_texts)
        self.server = load_server(checkpoint, Form.BASE)
        self.server.in_one_shape = True  # no vector can be made alone once it is compared
        usual = min(MAX_TOKENS, _max_sequence(checkpoint.folder))
        self.max_tokens = self.server.room(checkpoint.max_tokens(usual))
        self.dimensions = int(self.server.model.config.hidden_size)

    def score(self, items: Sequence[str]) -> Float32Array:
        """One row for each text. A text without words has a row of zeros."""
        full = [number for number, text in enumerate(items) if text.strip()]
        matrix = np.zeros((len(items), self.dimensions), np.float32)
        counts: list[int] = []
        outputs = iter(self.server.outputs(self._rows([items[n] for n in full], counts)))
        for number, count in zip(full, counts, strict=True):
            matrix[number] = unit_vector([next(outputs) for _ in range(count)])
        return matrix

    def _rows(self, texts: Sequence[str], counts: list[int]) -> Iterator[Row]:
        """The rows of all texts while they are cut; ``counts`` gets how many each text has."""
        for rows in ahead(self._read, texts):
            counts.append(len(rows))
            yield from (Row(row, [0 if self._place == "first" else len(row) - 1]) for row in rows)

    def _read(self, text: str) -> list[list[int]]:
        tokens = self.server.tokens
        room = max(1, self.max_tokens - len(tokens.prefix) - len(tokens.suffix))
        found = read_text(tokens.encode, text.strip(), room, self._policy)
        return [tokens.enclose(row) or [self.server.network.padding] for row in found]


class SentenceEmbedding:
    """Unit vectors by sentence-transformers, on the GPU if there is one. No code of it is run."""

    def __init__(self, name: str) -> None:
        from sentence_transformers import SentenceTransformer

        folder = str(find_checkpoint(name).folder)
        self.name = name
        self._model: SentenceTransformer = SentenceTransformer(
            folder, trust_remote_code=False, model_kwargs={"use_safetensors": True}
        )
        self.dimensions = int(self._model.get_embedding_dimension())

    def score(self, items: Sequence[str]) -> Float32Array:
        """One row for each text. A text without words has a row of zeros."""
        full = [number for number, text in enumerate(items) if text.strip()]
        matrix = np.zeros((len(items), self.dimensions), np.float32)
        if full:
            texts = [items[number][:MAX_CHARS] for number in full]
            matrix[full] = self._model.encode(
                texts, normalize_embeddings=True, convert_to_numpy=True, show_progress_bar=False
            )
        return matrix


def load(name: str, *, long_texts: LongTexts = "as_trained") -> DenseEmbedding | SentenceEmbedding:
    """The checkpoint of that path or hub name. Raises ValueError for what is none."""
    place = served_place(find_checkpoint(name).folder)
    return DenseEmbedding(name, place, long_texts=long_texts) if place else SentenceEmbedding(name)


def digest(name: str) -> str:
    """A hash of its files. Raises ValueError for what cannot be loaded, or must not be."""
    checkpoint = find_checkpoint(name)
    if checkpoint.task:
        raise ValueError(f"model {name!r}: an embedding has no heads: leave out #{checkpoint.task}")
    Checkpoint(name, _transformer(checkpoint.folder)).checked()
    return checkpoint.digest


def served_place(folder: Path) -> Place | None:
    """Where the token stands whose state is the vector, if that is all there is to it."""
    modules = _modules(folder)
    kinds = [kind for kind, _ in modules]
    if kinds[:2] != ["Transformer", "Pooling"] or not set(kinds) <= set(SERVED) or modules[0][1]:
        return None
    prompts = folder / "config_sentence_transformers.json"
    reading = _optional(folder / "sentence_bert_config.json")
    if _optional(prompts).get("default_prompt_name") or reading.get("do_lower_case"):
        return None
    return POOLING.get(_pooling(folder / modules[1][1] / "config.json"))


def _modules(folder: Path) -> list[tuple[str, str]]:
    """The kind and the folder of each module, in order; none of what has no list of them."""
    path = folder / "modules.json"
    try:
        listed = json.loads(path.read_text("utf-8")) if path.is_file() else []
        return [(str(one["type"]).rpartition(".")[2], str(one.get("path", ""))) for one in listed]
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise ValueError(f"{path} is no list of modules: {error}") from error


def _transformer(folder: Path) -> Path:
    """The folder of the weights: its own, or that of its first module."""
    modules = _modules(folder)
    return folder / modules[0][1] if modules else folder


def _pooling(path: Path) -> str:
    """How states become a vector: "cls" for instance; releases before 6 say it with a flag each."""
    found = _optional(path)
    if isinstance(mode := found.get("pooling_mode"), str):
        return mode
    flags = [name for name, value in found.items() if name.startswith("pooling_") and value is True]
    known = {"pooling_mode_cls_token": "cls", "pooling_mode_lasttoken": "lasttoken"}
    return known.get(flags[0], "") if len(flags) == 1 else ""


def _max_sequence(folder: Path) -> int:
    found = _optional(folder / "sentence_bert_config.json").get("max_seq_length")
    return found if isinstance(found, int) else MAX_TOKENS


def _optional(path: Path) -> Mapping[str, object]:
    return read_json(path) if path.is_file() else {}


def unit_vector(states: Sequence[Tensor]) -> Float32Array:
    """The mean of the unit vectors of some rows, (1, hidden) each, as a unit vector."""
    import torch
    from torch.nn.functional import normalize

    mean = normalize(torch.cat(list(states)), dim=-1).mean(dim=0)
    found: Float32Array = normalize(mean, dim=-1).numpy()
    return found
