"""Documents as rows of tokens, with the places where heads read them.

Rows are cut by what serves (``models.transformer``), so what is learnt is what will be asked: of a
long text the first tokens, of lines all windows.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice

import numpy as np
from numpy.typing import NDArray

from models.finetuning.examples import Example, Form, Head, Reads
from models.transformer.lines import MAX_WINDOWS, encode_lines, make_windows
from models.transformer.long_texts import Policy, read_text
from models.transformer.tokens import TextTokens

LONG_TEXTS: Policy = "head"
"""The policy by which the text of a classifier is cut."""

Tokens = NDArray[np.int32]


@dataclass(frozen=True, slots=True)
class Read:
    """Where a head reads a row, which line of the example each place is of, and the answers."""

    places: tuple[int, ...] = ()
    lines: tuple[int, ...] = ()
    answers: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Row:
    """Tokens of the example of a number, and what is read of them by task."""

    example: int
    tokens: Tokens
    reads: Mapping[str, Read]


@dataclass(frozen=True, eq=False)
class Reader:
    """How the documents of a checkpoint become tokens; a row has ``max_tokens`` at most."""

    form: Form
    heads: tuple[Head, ...]
    tokens: TextTokens
    padding: int
    separator: int
    max_tokens: int

    def rows(self, examples: Sequence[Example]) -> list[Row]:
        """The rows of all examples; where nothing with an answer is read there is none."""
        made = self._of_text if self.form is Form.TEXT else self._of_lines
        rows = (row for number, example in enumerate(examples) for row in made(number, example))
        return [row for row in rows if any(read.answers for read in row.reads.values())]

    def _of_text(self, number: int, example: Example) -> Iterable[Row]:
        room = max(1, self.max_tokens - len(self.tokens.prefix) - len(self.tokens.suffix))
        [found] = read_text(self.tokens.encode, example.text, room, LONG_TEXTS)
        tokens = np.array(self.tokens.enclose(found) or [self.padding], np.int32)
        task = self.heads[0].task
        yield Row(number, tokens, {task: _read_text(example, task, len(tokens) - 1)})

    def _of_lines(self, number: int, example: Example) -> Iterable[Row]:
        """Windows of lines; the title stands before them where heads share them."""
        shares = self.form is Form.SHARED
        titles = [example.title] if shares and example.title.strip() else []
        encoded = encode_lines(self.tokens, [*titles, *example.lines], self.max_tokens)
        windows = make_windows(
            number, encoded or ([[]] if shares else []), self.separator, self.max_tokens
        )
        line = -len(titles)
        for place, window in enumerate(islice(windows, MAX_WINDOWS)):
            reads = {}
            for head in self.heads:
                if head.reads is Reads.LINES:
                    reads[head.task] = _read_lines(example, head.task, window.score_places, line)
                else:
                    end = window.score_places[-1]
                    reads[head.task] = _read_text(example, head.task, end) if not place else Read()
            yield Row(number, np.array(window.tokens, np.int32), reads)
            line += len(window.score_places)


def _read_text(example: Example, task: str, place: int) -> Read:
    answer = example.answers.get(task)
    return Read() if answer is None else Read((place,), (0,), (answer,))


def _read_lines(example: Example, task: str, places: Sequence[int], first: int) -> Read:
    """The answers of the lines from ``first`` on, which are read at these places."""
    answers = example.line_answers.get(task, ())
    known = [
        (place, line, answer)
        for line, place in enumerate(places, first)
        if 0 <= line < len(answers) and (answer := answers[line]) is not None
    ]
    return Read(
        tuple(place for place, _, _ in known),
        tuple(line for _, line, _ in known),
        tuple(answer for _, _, answer in known),
    )
