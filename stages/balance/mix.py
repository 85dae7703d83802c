"""The mix: how many copies of each document are expected, so that the corpus has its shares.

Tokens are shared out three times by the same sum (``level``): the corpus among its languages, a
language among its targets, a target among its classes. A class then spreads them by quality.
What earlier batches delivered stands: it is the least that a language or a target has.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Literal

from stages.balance.cells import Cell, Copies, Delivered, QualityRule, Tokens
from stages.balance.level import Part, find_level, share_out
from stages.balance.rates import Rates
from stages.balance.targets import OTHERS, Targets

Shortfall = Literal["fill", "shrink"]


@dataclass(frozen=True)
class MixRules:
    """What decides the mix; the settings of the stage say what each of them means."""

    rates: Rates
    targets: Targets
    quality: QualityRule
    zh_per_en: Fraction
    max_raise: Fraction
    max_copies: int
    max_tokens: int
    shortfall: Shortfall


@dataclass(frozen=True)
class Share:
    """A target of a language: the tokens of the corpus, as they come out.

    ``wanted`` is its share of the language, ``delivered`` what earlier batches wrote, ``expected``
    what this one adds, ``most`` what it could add: all documents ``max_copies`` times.
    """

    language: str
    target: str
    wanted: Fraction
    delivered: int
    expected: Fraction
    most: Fraction


@dataclass(frozen=True)
class Mix:
    """Expected copies of every cell, and how the targets of every language come out.

    ``volumes`` are the tokens of each language in the corpus that were aimed at.
    """

    copies: Copies
    shares: tuple[Share, ...]
    volumes: Mapping[str, Fraction]


@dataclass(frozen=True)
class _Stock:
    """What there is of one target in one language: classes of cells, and what is delivered."""

    classes: Mapping[str, Tokens]
    delivered: int
    rules: MixRules

    def sizes(self) -> Mapping[str, int]:
        """The tokens of each class."""
        return {name: sum(tokens.values()) for name, tokens in self.classes.items()}

    def expected(self, scale: Fraction) -> Fraction:
        """The tokens that come out with all rates scaled."""
        return sum((part.at(scale) for part in self.parts()), Fraction(0))

    def parts(self) -> list[Part]:
        """Its classes, as they share its tokens."""
        most = self.rules.max_copies
        return [
            Part(size * self.rules.rates[name], Fraction(0), Fraction(size * most))
            for name, size in self.sizes().items()
        ]

    @property
    def most(self) -> Fraction:
        """The tokens that could come out; a class of rate 0 has none."""
        return sum((part.high for part in self.parts() if part.weight), Fraction(0))

    def copies(self, amount: Fraction) -> Copies:
        """Expected copies of its cells, with which so many tokens come out."""
        rules = self.rules
        scale = find_level(amount, self.parts()) if any(self.sizes().values()) else Fraction(1)
        copies: dict[Cell, Fraction] = {}
        for name, tokens in self.classes.items():
            rate = min(scale * rules.rates[name], Fraction(rules.max_copies))
            copies |= rules.quality.spread(tokens, rate, rules.max_copies)
        return copies


_Stocks = Mapping[str, _Stock]
"""Those of one language, by target."""


def solve(offered: Tokens, delivered: Delivered, rules: MixRules) -> Mix:
    """The mix of a batch that offers some tokens, beside what was delivered.

    A language or target of which nothing is there has nothing; languages are evened out where both
    are there, in this batch or an earlier one.
    """
    stocks = _take_stock(offered, delivered, rules)
    volumes = _language_volumes(stocks, rules)
    copies: dict[Cell, Fraction] = {}
    shares: list[Share] = []
    for language, of_targets in sorted(stocks.items()):
        parts = [
            Part(rules.targets.share(name), Fraction(one.delivered), one.delivered + one.most)
            for name, one in of_targets.items()
        ]
        for (name, one), amount in zip(
            of_targets.items(), share_out(volumes[language], parts), strict=True
        ):
            expected = amount - one.delivered
            copies |= one.copies(expected)
            wanted = rules.targets.share(name)
            shares.append(Share(language, name, wanted, one.delivered, expected, one.most))
    return Mix(copies, tuple(shares), volumes)


def _take_stock(offered: Tokens, delivered: Delivered, rules: MixRules) -> Mapping[str, _Stocks]:
    """What there is of every target, an empty one too, in every language that is there."""
    classes: dict[tuple[str, str], dict[str, dict[Cell, int]]] = defaultdict(dict)
    for cell, tokens in sorted(offered.items()):
        key = (cell.content.language, rules.targets.of(cell.content))
        classes[key].setdefault(cell.content.category, {})[cell] = tokens
    written = Counter[tuple[str, str]]()
    for content, tokens in delivered.items():
        written[content.language, rules.targets.of(content)] += tokens
    languages = sorted({language for language, _ in (*classes, *written)})
    names = (*rules.targets.shares, OTHERS)
    return {
        language: {
            name: _Stock(classes.get((language, name), {}), written[language, name], rules)
            for name in names
        }
        for language in languages
    }


def _language_volumes(stocks: Mapping[str, _Stocks], rules: MixRules) -> Mapping[str, Fraction]:
    """The tokens of every language in the corpus: by rates, evened out, within ``max_tokens``."""
    low = {name: Fraction(sum(one.delivered for one in of.values())) for name, of in stocks.items()}

    def at(scale: Fraction) -> dict[str, Fraction]:
        return {
            name: max(low[name], min(_expected(of, scale), _reach(of, rules)))
            for name, of in stocks.items()
        }

    plain = at(Fraction(1))
    volumes = {**plain, **_even_out(low, plain, at(rules.max_raise), rules.zh_per_en)}
    if not rules.max_tokens or sum(volumes.values()) <= rules.max_tokens:
        return volumes
    parts = [Part(volume, low[name], volume) for name, volume in volumes.items()]
    return dict(zip(volumes, share_out(Fraction(rules.max_tokens), parts), strict=True))


def _expected(stocks: _Stocks, scale: Fraction) -> Fraction:
    """What is delivered of a language, and what comes out with all rates scaled."""
    return sum((one.delivered + one.expected(scale) for one in stocks.values()), Fraction(0))


def _reach(stocks: _Stocks, rules: MixRules) -> Fraction:
    """The most tokens of a language: where a shortfall shrinks it, those that all targets allow.

    One of which there is nothing allows any.
    """
    there = {name: one.delivered + one.most for name, one in stocks.items()}
    if rules.shortfall == "fill":
        return sum(there.values(), Fraction(0))
    shares = {name: rules.targets.share(name) for name in there}
    bounds = [there[name] / share for name, share in shares.items() if share and there[name]]
    return min(bounds, default=Fraction(0))


def _even_out(
    low: Mapping[str, Fraction],
    plain: Mapping[str, Fraction],
    raised: Mapping[str, Fraction],
    zh_per_en: Fraction,
) -> Mapping[str, Fraction]:
    """The tokens of Chinese and English: the scarcer raised as far as may be, the other lowered.

    None are said where one of them has none: it is alone.
    """
    need = {"zh": Fraction(1), "en": 1 / zh_per_en}
    if not all(plain.get(language) for language in need):
        return {}
    scarce, ample = sorted(need, key=lambda language: plain[language] / need[language])
    aim = plain[ample] / need[ample] * need[scarce]
    reached = min(aim, raised[scarce])
    return {scarce: reached, ample: max(low[ample], reached / need[scarce] * need[ample])}
