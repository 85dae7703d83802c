"""Real documents for the tests of what compares them."""

import gzip
import json

import pytest

REAL_TEXTS = (
    ("dedup/debian_installguide_en.jsonl.gz", 15),
    ("dedup/debian_installguide_zh_CN.jsonl.gz", 15),
    ("dedup/g0v_law_zh_hant.jsonl.gz", 15),
    ("corpus/lctt_zh_sample.jsonl.gz", 15),
)


@pytest.fixture(scope="session")
def real_texts(real_data) -> list[str]:
    """Some documents of each collection, English and Chinese, spread over it."""
    texts = []
    for name, count in REAL_TEXTS:
        with gzip.open(real_data / name, "rt") as lines:
            found = [json.loads(line)["text"] for line in lines]
        texts += found[:: len(found) // count][:count]
    return texts
