import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from models.text.reading import Reading
from tests.models.text import naive


@given(naive.TEXTS)
def test_sentences_are_as_wide_as_those_that_the_pattern_cuts(text):
    expected = [naive.width(sentence) for sentence in naive.sentences_of(text)]
    assert Reading(text).sentences.widths.tolist() == expected


def test_sentences_end_at_marks_and_lines_but_not_inside_numbers():
    sentences = Reading('It is 3.5 m. "Right?" 是的。好\n新').sentences
    assert sentences.starts.tolist() == [0, 12, 20, 25, 27]
    assert sentences.widths.tolist() == [11, 6, 8, 3, 3]


def overlap(sentences):
    """The definition, on lists of terms."""
    full = [set(sentence) for sentence in sentences if sentence]
    taken_up = sum(
        bool(full[i] & (full[i - 1] | (full[i - 2] if i > 1 else set())))
        for i in range(1, len(full))
    )
    return taken_up / (len(full) - 1) if len(full) > 1 else 0.0


@given(st.lists(st.lists(st.integers(0, 5), max_size=3), max_size=8))
def test_a_sentence_takes_up_what_stands_in_one_of_the_two_before(sentences):
    text = "\n".join("x" * (len(terms) + 1) for terms in sentences)
    places, start = [], 0
    for terms in sentences:
        places += range(start, start + len(terms))
        start += len(terms) + 2
    terms = np.array([term for some in sentences for term in some], np.int64)
    found = Reading(text).sentences.overlap(np.array(places, np.int64), terms)
    assert found == overlap(sentences)
