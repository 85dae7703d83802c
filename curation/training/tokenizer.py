"""Train the embedded tokenizer: ``python -m curation.training.tokenizer DATA [OUT]``.

A byte-level BPE (Sennrich et al. 2016; byte level as in GPT-2), so that every text has tokens and
comes back unchanged. Only texts whose source allows that weights be shipped are read.
"""

from __future__ import annotations

import gzip
import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from models.tokenizer import WEIGHTS

VOCABULARY_SIZE = 16_384
END_OF_TEXT = "<|endoftext|>"
HELD_OUT = 10
"""One text in so many is not trained on."""

MAX_ENGLISH_CHARS = 5_000_000
"""About as many bytes as the Chinese texts have, so that neither language starves the other."""

WORDS = (
    r"(?i:'s|'t|'re|'ve|'m|'ll|'d)|\p{Han}+|[^\r\n\p{L}\p{N}]?[\p{L}&&[^\p{Han}]]+"
    r"|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+"
)
"""Merges never cross these pieces: runs of Chinese, words with one mark before them, numbers of
at most three digits, marks, line ends. As in the tokenizers of GPT-4 and Qwen2.5, but that Chinese
runs are kept apart from Latin ones, which are often written without a space between."""

CHINESE_SOURCES = frozenset({"cx163", "gne_mit", "immortal_cleaneval", "immortal_2022"})
"""Of ``extraction/zh``: those under the MIT licence that have a main text."""


def train(texts: Iterator[str]) -> Any:
    """A ``tokenizers.Tokenizer`` of ``VOCABULARY_SIZE`` tokens, END_OF_TEXT the first of them."""
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
        vocab_size=VOCABULARY_SIZE,
        special_tokens=[END_OF_TEXT],
        initial_alphabet=pre_tokenizers.ByteLevel.alphabet(),
        max_token_length=16,
        show_progress=False,
    )
    tokenizer.train_from_iterator(texts, trainer)
    return tokenizer


def training_texts(data: Path, *, held_out: bool = False) -> Iterator[str]:
    """The texts to train on, or those of each source that are kept for measuring."""
    for source in (english_pages, chinese_pages, articles, titles, laws):
        for number, text in enumerate(source(data)):
            if (number % HELD_OUT == 0) == held_out:
                yield text


def english_pages(data: Path) -> Iterator[str]:
    """Main texts of the WCXB pages (CC BY 4.0), up to MAX_ENGLISH_CHARS of them."""
    chars = 0
    for path in sorted((data / "extraction" / "en" / "gt").glob("*.json")):
        text = json.loads(path.read_text(encoding="utf-8"))["main_content"] or ""
        chars += len(text)
        if chars > MAX_ENGLISH_CHARS:
            return
        yield text


def chinese_pages(data: Path) -> Iterator[str]:
    """Main texts of the Chinese pages whose source is under the MIT licence."""
    home = data / "extraction" / "zh"
    for line in (home / "manifest.jsonl").read_text(encoding="utf-8").splitlines():
        page = json.loads(line)
        if page["source"] in CHINESE_SOURCES and page["has_gt"]:
            yield (home / "gt" / f"{page['id']}.txt").read_text(encoding="utf-8")


def articles(data: Path) -> Iterator[str]:
    """Chinese technical articles of the LCTT translation project (Apache-2.0)."""
    with gzip.open(data / "corpus" / "lctt_zh_sample.jsonl.gz", "rt", encoding="utf-8") as lines:
        for line in lines:
            yield json.loads(line)["text"]


def titles(data: Path) -> Iterator[str]:
    """Chinese news titles of ten classes (MIT), twenty at a time."""
    path = data / "labels" / "thucnews_titles_dev_zh.tsv.gz"
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        rows = [line.rsplit("\t", 1)[0] for line in lines]
    for start in range(0, len(rows), 20):
        yield "\n".join(rows[start : start + 20])


def laws(data: Path) -> Iterator[str]:
    """Taiwan's laws in traditional Chinese (no subject matter of copyright), one version each."""
    families = set()
    path = data / "dedup" / "g0v_law_zh_hant.jsonl.gz"
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        for line in lines:
            row = json.loads(line)
            if row["family"] not in families:
                families.add(row["family"])
                yield row["text"]


def main() -> None:
    """Train on the data folder that is named and write tokenizer.json.gz."""
    data = Path(sys.argv[1])
    out = Path(sys.argv[2]) if len(sys.argv) > 2 else WEIGHTS  # noqa: PLR2004
    tokenizer = train(training_texts(data))
    out.parent.mkdir(parents=True, exist_ok=True)
    out.write_bytes(gzip.compress(tokenizer.to_str().encode(), 9, mtime=0))


if __name__ == "__main__":
    main()
