"""Characters a token on texts that the embedded tokenizer was not trained on, and its speed.

``python -m benchmarks.tokenizer DATA [TOKENIZER…]``: other tokenizers (folders, files or names of
the Hugging Face hub) stand beside it.
"""

import sys
import time
from pathlib import Path

from curation.training.tokenizer import SOURCES, held_out_texts
from models import tokenizer as tokenizers


def main() -> None:
    data = Path(sys.argv[1])
    names = sys.argv[2:]
    print("| texts | characters | " + " | ".join(["embedded", *names]) + " |")
    print("|---|---:|" + "---:|" * (1 + len(names)))
    loaded = [tokenizers.load(), *(tokenizers.load(name, eos_token="") for name in names)]
    for source in SOURCES:
        texts = held_out_texts(data, source)
        chars = sum(map(len, texts))
        rates = [f"{chars / sum(one.count(texts)):.2f}" for one in loaded]
        print(f"| {source} | {chars:,} | " + " | ".join(rates) + " |")
    texts = held_out_texts(data, "English pages")
    started = time.perf_counter()
    tokens = sum(loaded[0].count(texts))
    rate = tokens / (time.perf_counter() - started) / 1e6
    print(f"\n{rate:.2f} million tokens/s, English, one core")


if __name__ == "__main__":
    main()
