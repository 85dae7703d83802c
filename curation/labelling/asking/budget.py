"""What asking has cost, and a limit that it never goes over."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from curation.errors import UsageError
from curation.labelling.asking.endpoint import Message, Usage
from curation.labelling.asking.prompts import MAX_ECHO_CHARS

MILLION = 1e6
MESSAGE_TOKENS = 16
"""What a message has beside its text, generously."""

CORRECTION_BYTES = 8192
"""What a correction names at the most: the 200 classes."""


@dataclass(frozen=True, slots=True)
class Prices:
    """What a million tokens cost, in whatever money."""

    prompt: float = 0.0
    completion: float = 0.0

    def cost(self, usage: Usage) -> float:
        """What some tokens cost.

        >>> Prices(2.0, 8.0).cost(Usage(prompt_tokens=500_000, completion_tokens=250_000))
        3.0
        """
        total = usage.prompt_tokens * self.prompt + usage.completion_tokens * self.completion
        return total / MILLION

    def most(self, messages: Sequence[Message], max_answers: int, max_tokens: int) -> float:
        """The most that a question can cost: no token is less than a byte.

        Every answer but the last is shown to the model again, four bytes a character.
        """
        prompt = sum(len(one.content.encode()) + MESSAGE_TOKENS for one in messages)
        added = 4 * MAX_ECHO_CHARS + CORRECTION_BYTES + 2 * MESSAGE_TOKENS
        prompts = sum(prompt + number * added for number in range(max_answers))
        return self.cost(Usage(prompts, max_answers * max_tokens))


@dataclass
class Budget:
    """What has been spent, and what questions under way may still cost."""

    prices: Prices
    max_cost: float = math.inf
    spent: float = 0.0
    reserved: float = 0.0

    def __post_init__(self) -> None:
        if self.is_limited and not (self.prices.prompt or self.prices.completion):
            raise UsageError("--max-cost needs --prompt-price and --completion-price")

    @property
    def is_limited(self) -> bool:
        """Whether anything must not be spent."""
        return self.max_cost < math.inf

    def reserve(self, most: float) -> bool:
        """Whether a question that may cost so much can be asked; it is under way then."""
        if self.spent + self.reserved + most > self.max_cost:
            return False
        self.reserved += most
        return True

    def settle(self, most: float, cost: float) -> None:
        """A question is no longer under way."""
        self.reserved -= most
        self.spent += cost
