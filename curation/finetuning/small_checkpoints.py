"""Tiny checkpoints with random weights: ``python -m curation.finetuning.small_checkpoints DIR``.

``conf/dots_llm1_small.toml`` runs them, so that the path of large checkpoints can be tried on any
machine. What they say is as random as their weights; nearly the same of every text.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from curation.errors import UsageError
from curation.finetuning.command import refuse_without_extra
from curation.finetuning.tasks import TASKS
from curation.sample_crawl.pages import article
from models.finetuning.examples import Reads

if TYPE_CHECKING:
    from transformers import Qwen2Config, XLMRobertaConfig

ARTICLES, SEED, VOCABULARY, WIDTH = 120, 1, 4_000, 64
SPECIAL = {"eos": "<|endoftext|>", "pad": "<pad>", "sep": "<sep>", "unk": "<unk>"}
TOKENIZER = "tokenizer"
SPARE = 16
"""Rows of embeddings for tokens that a tokenizer class of some architecture adds."""
POSITIONS = 8_192
MODULES = {"Transformer": "", "Pooling": "1_Pooling", "Normalize": "2_Normalize"}
"""Of the embedding model, with their folders, as sentence-transformers lists them."""
CLASSES = {
    Reads.TEXT: "Qwen2ForSequenceClassification",
    Reads.LINES: "Qwen2ForTokenClassification",
}


def make(folder: Path, say: Callable[[str], None]) -> None:
    """Write a checkpoint for each task, an embedding model and a tokenizer below a folder.

    Raises UsageError for a folder that is there: nothing of anybody's is overwritten.
    """
    refuse_without_extra("small checkpoints")
    if folder.exists():
        raise UsageError(f"{folder}: is there already; delete it to have it made again")
    import transformers

    transformers.logging.disable_progress_bar()
    texts = ["\n".join(article(SEED, number).paragraphs) for number in range(ARTICLES)]
    _save_tokenizer(folder / TOKENIZER, texts)
    for task in TASKS.values():
        _save_classifier(_beside_tokenizer(folder, task.name), list(task.values()), task.reads)
    _save_embedding(_beside_tokenizer(folder, "embedding"))
    for made in sorted(folder.iterdir()):
        say(str(made))


def _save_tokenizer(folder: Path, texts: Sequence[str]) -> None:
    """One of bytes, trained on the articles of the sample crawl."""
    from tokenizers import ByteLevelBPETokenizer
    from transformers import PreTrainedTokenizerFast

    trained = ByteLevelBPETokenizer()
    trained.train_from_iterator(texts, VOCABULARY, special_tokens=[*SPECIAL.values()])
    folder.mkdir(parents=True)
    trained.save(str(folder / "tokenizer.json"))
    tokenizer = PreTrainedTokenizerFast(
        tokenizer_file=str(folder / "tokenizer.json"),
        **{f"{name}_token": token for name, token in SPECIAL.items()},
    )
    tokenizer.save_pretrained(folder)


def _sizes() -> dict[str, int]:
    return {
        "vocab_size": VOCABULARY + SPARE,
        "hidden_size": WIDTH,
        "intermediate_size": 2 * WIDTH,
        "num_hidden_layers": 2,
        "num_attention_heads": 4,
    }


def _beside_tokenizer(folder: Path, name: str) -> Path:
    """A folder of its own for a checkpoint, with the tokenizer in it."""
    return shutil.copytree(folder / TOKENIZER, folder / name)


def _save_classifier(folder: Path, labels: Sequence[str], reads: Reads) -> None:
    """A decoder of Qwen2's shape with a head of its own."""
    import torch
    import transformers

    torch.manual_seed(SEED)
    config: Qwen2Config = transformers.Qwen2Config(
        **_sizes(),
        num_key_value_heads=2,
        max_position_embeddings=POSITIONS,
        id2label=dict(enumerate(labels)),
        label2id={label: number for number, label in enumerate(labels)},
    )
    getattr(transformers, CLASSES[reads])(config).save_pretrained(folder)


def _save_embedding(folder: Path) -> None:
    """An encoder of BGE-M3's shape in the form of sentence-transformers: its first token."""
    import torch
    import transformers

    torch.manual_seed(SEED)
    padding = list(SPECIAL).index("pad")
    config: XLMRobertaConfig = transformers.XLMRobertaConfig(
        **_sizes(), max_position_embeddings=POSITIONS + padding + 1, pad_token_id=padding
    )
    transformers.XLMRobertaModel(config).save_pretrained(folder)
    modules = [
        {"idx": n, "name": str(n), "path": path, "type": f"sentence_transformers.models.{kind}"}
        for n, (kind, path) in enumerate(MODULES.items())
    ]
    pooling = folder / MODULES["Pooling"]
    pooling.mkdir()
    _write(folder / "modules.json", modules)
    _write(pooling / "config.json", {"word_embedding_dimension": WIDTH, "pooling_mode": "cls"})


def _write(path: Path, content: object) -> None:
    path.write_text(json.dumps(content, indent=1) + "\n", encoding="utf-8")


@click.command()
@click.argument("folder", type=click.Path(path_type=Path))
def run(folder: Path) -> None:
    """Write tiny checkpoints with random weights into FOLDER."""
    try:
        make(folder, click.echo)
    except UsageError as error:
        raise click.ClickException(str(error)) from error


if __name__ == "__main__":
    run()
