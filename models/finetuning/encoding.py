"""Documents as rows of tokens, with the places where heads read them.

A row is what serving makes of the same document (``models.transformer``), so that what is learnt is
what will be asked.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from models.finetuning.examples import Example, Form, Head, Reads
from models.transformer.lines import MAX_LINE_TOKENS, make_windows
from models.transformer.network import Network

CHARS_PER_TOKEN = 64
"""More characters than this for each token that is read are cut before the tokenizer sees them: it
would cut a text of 10 MB into tokens whole. Tokens of text hold four characters, blanks dozens."""

Tokens = NDArray[np.int32]


@dataclass(frozen=True, slots=True)
class Read:
    """Where a head reads a row, which line of the example each place is of, and the answers."""

    places: tuple[int, ...]
    lines: tuple[int, ...]
    answers: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Row:
    """Tokens of the example of a number, and what is read of them by task."""

    example: int
    tokens: Tokens
    reads: Mapping[str, Read]


def encode(
    examples: Sequence[Example],
    heads: Sequence[Head],
    form: Form,
    network: Network,
    max_tokens: int,
) -> list[Row]:
    """The rows of all examples; one without an answer in reach has none."""
    rows: list[Row] = []
    for number, example in enumerate(examples):
        if form is Form.TEXT:
            rows.append(_text_row(number, example, heads[0].task, network, max_tokens))
        elif form is Form.LINES:
            rows += _line_rows(number, example, heads[0].task, network, max_tokens)
        else:
            rows += _shared_rows(number, example, heads, network, max_tokens)
    return [row for row in rows if any(read.answers for read in row.reads.values())]


def _text_row(number: int, example: Example, task: str, network: Network, max_tokens: int) -> Row:
    text = example.text[: CHARS_PER_TOKEN * max_tokens]
    encoded = network.tokenizer(text, truncation=True, max_length=max_tokens)["input_ids"]
    tokens = np.array(encoded or [network.padding], np.int32)
    return Row(number, tokens, {task: _read_text(example, task, len(tokens) - 1)})


def _line_rows(
    number: int, example: Example, task: str, network: Network, max_tokens: int
) -> Iterator[Row]:
    answers = iter(enumerate(example.line_answers.get(task, ())))
    lines = encode_lines(example.lines, network)
    for window in make_windows(number, lines, network.separator, max_tokens):
        own = [(place, *next(answers)) for place in window.score_places]
        yield Row(number, np.array(window.tokens, np.int32), {task: _read_lines(own)})


def _shared_rows(
    number: int, example: Example, heads: Sequence[Head], network: Network, max_tokens: int
) -> Iterator[Row]:
    titles = [example.title] if example.title.strip() else []
    tokens, places = shared_tokens([*titles, *example.lines], network, max_tokens)
    reads = {}
    for head in heads:
        if head.reads is Reads.TEXT:
            reads[head.task] = _read_text(example, head.task, len(tokens) - 1)
        else:
            answers = enumerate(example.line_answers.get(head.task, ()))
            of_lines = places[len(titles) :]
            own = [(place, *answer) for place, answer in zip(of_lines, answers, strict=False)]
            reads[head.task] = _read_lines(own)
    yield Row(number, np.array(tokens, np.int32), reads)


def shared_tokens(
    lines: Sequence[str], network: Network, max_tokens: int
) -> tuple[list[int], list[int]]:
    """Lines, each closed by the separator, as far as they fit whole, and the separators' places.

    The first line is cut where it does not fit. No lines are a separator alone.
    """
    encoded = [line[: max_tokens - 1] for line in encode_lines(lines, network)] or [[]]
    window = next(make_windows(0, encoded, network.separator, max_tokens))
    return window.tokens, window.score_places


def encode_lines(lines: Sequence[str], network: Network) -> list[list[int]]:
    """The tokens of each line, as many as are read."""
    if not lines:
        return []
    cut = [line[: CHARS_PER_TOKEN * MAX_LINE_TOKENS] for line in lines]
    encoded = network.tokenizer(cut, add_special_tokens=False)["input_ids"]
    return [tokens[:MAX_LINE_TOKENS] for tokens in encoded]


def _read_text(example: Example, task: str, place: int) -> Read:
    answer = example.answers.get(task)
    return Read((), (), ()) if answer is None else Read((place,), (0,), (answer,))


def _read_lines(found: Sequence[tuple[int, int, int | None]]) -> Read:
    known = [(place, line, answer) for place, line, answer in found if answer is not None]
    return Read(
        tuple(place for place, _, _ in known),
        tuple(line for _, line, _ in known),
        tuple(answer for _, _, answer in known),
    )
