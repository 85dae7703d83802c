"""Megabytes per second of standardisation, beside its steps and a loop over characters.

    python -m benchmarks.standardise DATA

DATA holds ``ref_decisions`` (the folder of real pages). Processor time of one core, best of three.
"""

import gzip
import hashlib
import json
import sys
import time
import unicodedata
from collections.abc import Callable
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from stages.standardise import identity, standardise


def by_character(text: str) -> str:
    folded = unicodedata.normalize("NFD", text).lower()
    bare = "".join(c for c in folded if unicodedata.category(c)[0] != "P")
    return unicodedata.normalize("NFD", " ".join(bare.split()))


VARIANTS: dict[str, Callable[[str], object]] = {
    "standardise": standardise,
    "identity": identity,
    "NFD and lower case only": lambda text: unicodedata.normalize("NFD", text).lower(),
    "MD5 only": lambda text: hashlib.md5(text.encode()).hexdigest(),
    "a loop over characters": by_character,
}


def main() -> None:
    path = Path(sys.argv[1]) / "ref_decisions" / "datatrove_0.10.1.jsonl.gz"
    with gzip.open(path, "rt", encoding="utf-8") as rows:
        documents = [json.loads(row) for row in rows]
    print(f"{'MB/s':26}{'zh':>8}{'en':>8}")
    for name, function in VARIANTS.items():
        rates = []
        for language in ("zh", "en"):
            texts = [document["text"] for document in documents if document["lang"] == language]
            size = sum(len(text.encode()) for text in texts) / 1e6
            rates.append(size / min(seconds(function, texts) for _ in range(3)))
        print(f"{name:26}" + "".join(f"{rate:8.1f}" for rate in rates))


def seconds(function: Callable[[str], object], texts: list[str]) -> float:
    start = time.process_time()
    for text in texts:
        function(text)
    return time.process_time() - start


if __name__ == "__main__":
    main()
