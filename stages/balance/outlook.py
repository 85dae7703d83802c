"""What a mix comes to, before anything is drawn: shares before and after, copies, what binds."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction

from stages.balance.cells import Content, Delivered, Tokens
from stages.balance.mix import Mix, MixRules, Share
from stages.balance.targets import OTHERS

NAMES = ("language", "kind", "class")
"""What shares are told by."""


@dataclass(frozen=True)
class Row:
    """Tokens of one language, kind or class: this batch's and earlier ones', and the corpus'.

    ``offered`` counts each document once, ``expected`` and ``delivered`` as often as it is written.
    """

    name: str
    offered: int
    expected: Fraction
    delivered: int
    before: Fraction
    after: Fraction


@dataclass(frozen=True)
class Outlook:
    """A mix with what it was made of."""

    offered: Tokens
    delivered: Delivered
    rules: MixRules
    mix: Mix

    def rows(self, by: str) -> list[Row]:
        """Shares by one of ``NAMES``, of the batch as it is and of the corpus as it will be."""
        name = self._namer(by)
        offered, delivered = Counter[str](), Counter[str]()
        expected: dict[str, Fraction] = defaultdict(Fraction)
        for cell, tokens in self.offered.items():
            offered[name(cell.content)] += tokens
            expected[name(cell.content)] += tokens * self.mix.copies[cell]
        for content, tokens in self.delivered.items():
            delivered[name(content)] += tokens
        whole = sum(expected.values()) + delivered.total()
        rows = [
            Row(
                *(one, offered[one], expected[one], delivered[one]),
                before=_share(offered[one], offered.total()),
                after=_share(expected[one] + delivered[one], whole),
            )
            for one in {**offered, **delivered}
        ]
        return sorted(rows, key=lambda row: (-row.after, -row.before, row.name))

    def _namer(self, by: str) -> Callable[[Content], str]:
        classes = self.rules.targets.taxonomy.by_id
        namers: Mapping[str, Callable[[Content], str]] = {
            "language": lambda content: content.language or "(none)",
            "kind": lambda content: str(classes[content.category].kind),
            "class": lambda content: content.category,
        }
        return namers[by]

    def tokens_by_copies(self) -> list[Fraction]:
        """The tokens, each counted once, that will be written 0, 1, 2 … times."""
        tokens = [Fraction(0)] * (self.rules.max_copies + 1)
        for cell, count in self.offered.items():
            copies = self.mix.copies[cell]
            whole = int(copies)
            tokens[whole] += count * (1 - copies + whole)
            if copies > whole:
                tokens[whole + 1] += count * (copies - whole)
        return tokens

    def notes(self) -> Iterator[str]:
        """Which caps bind, and what is missing."""
        yield from self._of_languages()
        reached = self._reached()
        for share in self.mix.shares:
            if share.target != OTHERS:
                yield from self._of_target(share, reached[share.language])

    def _of_languages(self) -> Iterator[str]:
        rules, tokens = self.rules, {row.name: row for row in self.rows("language")}
        if not any(row.offered for row in tokens.values()):
            yield "this batch has no tokens: nothing is to be decided"
            return
        sizes = {name: row.expected + row.delivered for name, row in tokens.items()}
        if rules.max_tokens and (size := sum(sizes.values(), Fraction(0))) > rules.max_tokens:
            yield (
                f"max_tokens {rules.max_tokens:,} is passed by what stands: "
                f"{_count(size)} tokens are written already"
            )
        elif rules.max_tokens and size == rules.max_tokens:
            yield f"max_tokens {rules.max_tokens:,} binds"
        zh, en = sizes.get("zh"), sizes.get("en")
        if not zh or not en:
            alone = "zh" if zh else "en"
            if zh or en:
                yield f"{alone} is alone: there is nothing to even it out with"
        elif zh != rules.zh_per_en * en:
            yield (
                f"{float(zh / en):.3g} Chinese tokens per English one, not "
                f"{float(rules.zh_per_en):g}: more is delivered already of one than the other has"
            )
        for name, row in sorted(tokens.items()):
            if name in ("zh", "en") and row.offered:
                yield f"{name} is written {float(row.expected / row.offered):.3g} times on average"

    def _of_target(self, share: Share, volume: Fraction) -> Iterator[str]:
        tokens = share.delivered + share.expected
        missing = share.wanted * volume - tokens
        if not volume or not missing:
            return
        reached = f"{share.language or '(no language)'}: {share.target} comes to "
        reached += f"{float(tokens / volume):.2%} of {float(share.wanted):.2%}"
        if missing < 0:
            why = "too much is delivered already" if not share.expected else "others fall short"
            yield f"{reached}: {why}"
        elif not share.most and not share.delivered:
            yield f"{reached}: nothing of it is there, {_count(missing)} tokens are missing"
        else:
            cap = f"max_copies {self.rules.max_copies} binds"
            why = cap if share.expected == share.most else "others are too much already"
            yield f"{reached}: {why}, {_count(missing)} tokens are missing"

    def _reached(self) -> Mapping[str, Fraction]:
        """The tokens of each language in the corpus."""
        sums: dict[str, Fraction] = defaultdict(Fraction)
        for share in self.mix.shares:
            sums[share.language] += share.delivered + share.expected
        return sums


def _share(part: Fraction | int, whole: Fraction | int) -> Fraction:
    return Fraction(part) / whole if whole else Fraction(0)


def _count(tokens: Fraction) -> str:
    return f"{round(tokens):,}"
