"""What models remember of texts is forgotten when that is asked for."""

import numpy as np

from models.embedding.recent import RecentVectors
from models.memories import forget_all
from models.text.reading import RecentReadings
from models.transformer.recent import Recent


def test_all_that_was_remembered_is_made_anew():
    encoded = []

    def encode(texts):
        encoded.extend(texts)
        return np.ones((len(texts), 2), np.float32)

    readings, vectors, tokens = RecentReadings(), RecentVectors(encode), Recent()
    first = readings.of("a mill")
    tokens.add(b"mill", [1])
    vectors.of(["a mill"])
    vectors.of(["a mill"])
    assert encoded == ["a mill"]
    forget_all()
    vectors.of(["a mill"])
    assert encoded == ["a mill"] * 2
    assert readings.of("a mill") is not first
    assert tokens.get(b"mill") is None
