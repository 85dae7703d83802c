"""Characters a token on texts that the embedded tokenizer was not trained on, and its speed.

``python -m benchmarks.tokenizer DATA [TOKENIZER…]``: other tokenizers (folders, files or names of
the Hugging Face hub) stand beside it.
"""

import sys
import time
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

from curation.training.tokenizer import (
    HELD_OUT,
    articles,
    chinese_pages,
    english_pages,
    laws,
    titles,
)
from models import tokenizer as tokenizers

SOURCES: Mapping[str, Callable[[Path], Iterator[str]]] = {
    "English pages": english_pages,
    "Chinese pages": chinese_pages,
    "Chinese articles": articles,
    "Chinese news titles": titles,
    "Laws, traditional": laws,
}


def main() -> None:
    data = Path(sys.argv[1])
    names = sys.argv[2:]
    print("| texts | characters | " + " | ".join(["embedded", *names]) + " |")
    print("|---|---:|" + "---:|" * (1 + len(names)))
    loaded = [tokenizers.load(), *(tokenizers.load(name, eos_token="") for name in names)]
    for label, source in SOURCES.items():
        texts = [text for number, text in enumerate(source(data)) if number % HELD_OUT == 0]
        chars = sum(map(len, texts))
        rates = [f"{chars / sum(one.count(texts)):.2f}" for one in loaded]
        print(f"| {label} | {chars:,} | " + " | ".join(rates) + " |")
    texts = [text for number, text in enumerate(english_pages(data)) if number % HELD_OUT == 0]
    started = time.perf_counter()
    tokens = sum(loaded[0].count(texts))
    rate = tokens / (time.perf_counter() - started) / 1e6
    print(f"\n{rate:.2f} million tokens/s, English, one core")


if __name__ == "__main__":
    main()
