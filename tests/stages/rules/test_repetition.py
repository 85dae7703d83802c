from collections import Counter

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from stages.rules.repetition import DUPLICATE_SIZES, TOP_SIZES, repeated_characters

TOKENS = st.lists(st.sampled_from(["a", "b", "cc", "的", "dog", "。"]), max_size=120)


def counted(tokens):
    """What the kernel counts of tokens given as strings."""
    numbers = {token: number for number, token in enumerate(dict.fromkeys(tokens))}
    columns = [numbers[token] for token in tokens], [len(token) for token in tokens]
    return repeated_characters(*(np.array(column, np.int64) for column in columns))


def top_characters(tokens, size):
    """Gopher's most frequent n-gram, in plain Python: the first of those that occur most."""
    grams = Counter(" ".join(tokens[i : i + size]) for i in range(len(tokens) - size + 1))
    if not grams:
        return 0
    gram, count = grams.most_common(1)[0]
    return len(gram) * count if count > 1 else 0


def duplicate_characters(tokens, size):
    """FineWeb's walk, in plain Python: after a hit, go on behind it."""
    seen, characters, i = set(), 0, 0
    while i < len(tokens) - size + 1:
        gram = tuple(tokens[i : i + size])
        if gram in seen:
            characters += sum(map(len, gram))
            i += size
        else:
            seen.add(gram)
            i += 1
    return characters


@given(TOKENS)
@settings(max_examples=400, deadline=None)
def test_the_kernel_counts_what_plain_python_counts(tokens):
    top, duplicate = counted(tokens)
    assert top == [top_characters(tokens, size) for size in TOP_SIZES]
    assert duplicate == [duplicate_characters(tokens, size) for size in DUPLICATE_SIZES]


def test_an_n_gram_that_occurs_once_is_no_repetition():
    assert counted(["one", "two", "three", "four"]) == ([0, 0, 0], [0] * 6)


def test_nothing_and_one_word_repeat_nothing():
    assert counted([]) == ([0, 0, 0], [0] * 6)
    assert counted(["word"]) == ([0, 0, 0], [0] * 6)


def test_the_real_pages_agree_with_plain_python(real_data):
    import gzip
    import json

    from models.text import languages

    path = real_data / "ref_decisions" / "datatrove_0.10.1.jsonl.gz"
    with gzip.open(path, "rt", "utf-8") as lines:
        rows = [json.loads(line) for line in lines][::60]
    for row in rows:
        tokens = languages.KNOWN.records[row["lang"]].tokens(row["text"])
        top, duplicate = counted(tokens)
        assert top == [top_characters(tokens, size) for size in TOP_SIZES]
        assert duplicate == [duplicate_characters(tokens, size) for size in DUPLICATE_SIZES]
