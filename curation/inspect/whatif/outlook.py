"""What a change would do: counted over every document that the stage judged.

Exact is what the stage itself would decide, where what it stored tells. Documents that would leave
are followed through the later steps as they are: what became of them is known. Of those that would
come back no later stage has judged any; that is estimated from those that passed, and said to be.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import groupby

from curation.inspect.documents import rows_at
from curation.inspect.group_table import GROUPS, NOT_KNOWN
from curation.inspect.run_files import StepRun
from curation.inspect.whatif.changes import Change
from curation.inspect.whatif.examples import Example, Examples
from curation.inspect.whatif.judged import Judged, read_judged
from curation.inspect.whatif.later import Fates, follow, kept_shares, tokens_per_character
from curation.inspect.whatif.sides import Side, side_of
from schemas.verdict import Decision, Verdict
from stages.sites import host_of


@dataclass
class SideCount:
    """The documents of one side; ``rows`` and ``tokens`` are what they would add or take away.

    ``estimated_tokens`` is how many of the tokens are estimated from characters.
    """

    documents: int = 0
    characters: int = 0
    rows: int = 0
    tokens: float = 0.0
    estimated_tokens: float = 0.0
    groups: dict[str, Counter[str]] = field(
        default_factory=lambda: {name: Counter() for name in GROUPS}
    )
    reasons: Counter[str] = field(default_factory=Counter)


@dataclass(frozen=True)
class Outlook:
    """What a change would do to a run.

    ``unknown`` documents are those of which what is stored does not tell; ``unlike`` those of which
    it does not even give the verdict that they got: then it should not be relied on.
    """

    change: Change
    judged: int
    passed: int
    unknown: int
    unlike: int
    sides: Mapping[Side, SideCount]
    examples: Mapping[Side, Sequence[Example]]
    fates: Fates
    estimate: float
    later_stages: tuple[str, ...]
    caveat: str

    @property
    def would_pass(self) -> int:
        """How many documents would pass the stage, as far as that is known."""
        gone, back = (self.sides[one].documents for one in (Side.LEAVES, Side.RETURNS))
        return self.passed - gone + back


def look_ahead(steps: Sequence[StepRun], change: Change, *, samples: int, seed: int) -> Outlook:
    """Judge every document that came to the stage again. Raises UsageError."""
    step = steps[change.step]
    count = _Count(steps, change, Examples(samples, seed))
    for _, part in groupby(count.judged_again(), lambda one: one[0].place.uri):
        count.add(list(part))
    shares = kept_shares(steps, count.passed_by_language)
    back = count.sides[Side.RETURNS].groups["language"]
    fates = follow(steps[change.step + 1 :], count.leaving, step, change.stage.name)
    names = [one.name for one in step.manifest.stages]
    later = [*names[names.index(change.stage.name) + 1 :]]
    later += [one.name for run in steps[change.step + 1 :] for one in run.manifest.stages]
    return Outlook(
        change,
        count.judged,
        sum(count.passed_by_language.values()),
        count.unknown,
        count.unlike,
        count.sides,
        count.examples.chosen(),
        fates,
        sum(shares.get(language, 0.0) * n for language, n in back.items()),
        tuple(later),
        change.recall(tried=True).caveat,
    )


Again = tuple[Judged, Verdict | None, Side | None]


class _Count:
    """The counts under way."""

    def __init__(self, steps: Sequence[StepRun], change: Change, examples: Examples) -> None:
        self.sides = {side: SideCount() for side in Side}
        self.examples = examples
        self.passed_by_language: Counter[str] = Counter()
        self.leaving: dict[int, tuple[str, str]] = {}
        self.judged = self.unknown = self.unlike = 0
        self._step, self._change = steps[change.step], change
        self._ratios = tokens_per_character(steps[-1])

    def judged_again(self) -> Iterator[Again]:
        """Each document that came to the stage, the verdict it would get, and its side."""
        name = self._change.stage.name
        was, would = (self._change.recall(tried=tried) for tried in (False, True))
        columns = [one for one in would.reads if one != "reason"]
        for recall in (was, would):
            if recall.learn:
                recall.learn(one.row for one in read_judged(self._step, name, columns))
        for one in read_judged(self._step, name, columns):
            before, after = was.judge(one.row), would.judge(one.row)
            self.judged += 1
            if not one.reason:
                self.passed_by_language[one.row.get("language") or ""] += 1
            kept = before is None or before.decision is Decision.KEEP
            self.unlike += before is not None and kept != (not one.reason)
            self.unknown += after is None
            yield one, after, side_of(name, one, before, after)

    def add(self, part: Sequence[Again]) -> None:
        """Count the changed documents of a file, whose texts are measured."""
        changed = [(one, after, side) for one, after, side in part if after and side]
        texts = rows_at([one.place for one, _, _ in changed], ["text"])
        for one, after, side in changed:
            self._add_one(one, after, side, str(texts[one.place].get("text") or ""))

    def _add_one(self, one: Judged, after: Verdict, side: Side, text: str) -> None:
        count, row = self.sides[side], one.row
        count.documents += 1
        count.characters += len(text)
        count.reasons[after.reason if side is not Side.RETURNS else one.reason] += 1
        language = row.get("language") or ""
        site = row.get("site") or host_of(row.get("url") or "")
        for name, value in zip(GROUPS, (language, site, row.get("category")), strict=True):
            count.groups[name][value or NOT_KNOWN] += 1
        copies = _copies(side, row.get("copies"), after)
        count.rows += copies
        tokens = row.get("tokens")
        if tokens is None:
            tokens = len(text) * self._ratios.get(language, self._ratios.get("", 0.0))
            count.estimated_tokens += tokens
        count.tokens += tokens * abs(copies)
        if side is Side.LEAVES:
            self.leaving[one.position] = (language, site)
        self.examples.add(side, one, after, text)


def _copies(side: Side, had: int | None, after: Verdict) -> int:
    """The rows that a document adds, or takes away."""
    if "copies" in after.columns:
        return int(after.columns["copies"]) - (had or 0)
    return {Side.LEAVES: -1, Side.RETURNS: 1}.get(side, 0)
