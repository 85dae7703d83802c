"""Tokens in and out of every stage of a run and of what is made of it, as rows of a table.

All is read from the summaries that parts wrote, and from what outputs say of themselves.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from conf.references import ClassReferenceError
from curation.inspect.run_files import StepRun
from curation.inspect.tokens.cells import KEPT, Amount, Amounts, Cells, by_kind, by_language
from curation.inspect.tokens.rates import token_rates
from curation.outputs.registry import KNOWN_OUTPUTS
from curation.storage.manifest import Manifest, TokenCount
from curation.summaries.summary import Summary

CUTS, COPIES = "cuts", "copies"
"""Rows that are no stage: what was cut of documents that go on, and the copies that are written."""
ROUNDED = 0.5
"""Less than that is no token: what adding up fractions in another order makes."""


@dataclass(frozen=True, slots=True)
class Flow:
    """What came in and what went out."""

    before: Amount
    after: Amount


@dataclass(frozen=True)
class TokenRow:
    """What came into a stage, an output or a row of ``CUTS`` or ``COPIES``, and went out.

    ``is_counted``: by a tokenizer; else tokens are characters times a rate (``token_rates``).
    """

    step: str
    name: str
    whole: Flow
    languages: Mapping[str, Flow]
    kinds: Mapping[str, Flow]
    is_counted: bool


def token_rows(
    manifests: Sequence[Manifest],
    summaries: Sequence[Summary],
    outputs: Sequence[Manifest] = (),
    made_of: Mapping[str, str] | None = None,
) -> list[TokenRow]:
    """The rows of a run: its steps that judge, with their summaries, then its outputs.

    ``made_of`` names the output of which another one is made.
    """
    rates = token_rates(summaries)
    rows: list[TokenRow] = []
    left: _Both | None = None
    for place, (done, summary) in enumerate(zip(manifests, summaries, strict=True)):
        cells = _Both(by_language(summary, rates), by_kind(summary, rates))
        is_counted = rates.counted_in is not None and place >= rates.counted_in
        rows += _step_rows(done, summary, left, cells, is_counted=is_counted)
        left = cells
    written = {"": left.copies() if left else ({}, {})}
    for output in outputs:
        given = written[(made_of or {}).get(output.step, "")]
        written[output.step] = tuple(
            _of_output(output.tokens, column) for column in ("language", "page_type")
        )
        rows.append(_output_row(output, given, written[output.step]))
    return rows


def rows_of_run(runs: Sequence[StepRun], summaries: Sequence[Summary]) -> list[TokenRow]:
    """The rows of a finished run; ``summaries`` are of its steps that judge."""
    judged = [run.manifest for run in runs if run.manifest.stages]
    outputs = [run for run in runs if not run.manifest.stages]
    made_of = {run.manifest.step: _made_of(run) for run in outputs}
    return token_rows(judged, summaries, [run.manifest for run in outputs], made_of)


def _made_of(run: StepRun) -> str:
    """The output of which another one is made; "" for the documents that are kept."""
    try:
        return KNOWN_OUTPUTS.find(run.output).made_of
    except ClassReferenceError:  # of a package that has gone
        return ""


def _output_row(output: Manifest, given: Sides, made: Sides) -> TokenRow:
    """Of a group that either side does not tell, nothing is said."""
    told = [bool(one and other) for one, other in zip(given, made, strict=True)]
    before, after = (
        tuple(side if tells else {} for side, tells in zip(sides, told, strict=True))
        for sides in (given, made)
    )
    row = _row(output.step, output.step, before, after, is_counted=True)
    unknown = Amount(output.rows_in, None)
    whole = Flow(_total(given[0]) if given[0] else unknown, _total(made[0]) if made[0] else unknown)
    return replace(row, whole=whole)


Sides = tuple[Amounts, ...]
"""The same documents by language, and by kind."""


@dataclass(frozen=True)
class _Both:
    languages: Cells
    kinds: Cells

    def each(self, amounts: Callable[[Cells], Amounts]) -> Sides:
        return amounts(self.languages), amounts(self.kinds)

    def kept(self) -> Sides:
        return self.each(lambda cells: cells.ended.get(KEPT, {}))

    def copies(self) -> Sides:
        return self.each(lambda cells: cells.copies)

    def reaching(self, gone: Sequence[str]) -> Sides:
        """What is left once the documents that ended in some stages are gone."""
        return self.each(
            lambda cells: _sum(one for stage, one in cells.ended.items() if stage not in gone)
        )


def _step_rows(
    done: Manifest, summary: Summary, left: _Both | None, cells: _Both, *, is_counted: bool
) -> Iterator[TokenRow]:
    stages = [stage.name for stage in done.stages]
    others = sorted({*cells.languages.ended} - {KEPT, *stages})
    names = [*others, *stages]  # what the source and takedowns took never reached a stage
    came = cells.reaching(())
    given = left.kept()[0] if left else came[0]
    if _differ(given, came[0]):
        # A summary has the cuts of steps before, too. Kinds are judged on the way: none came in.
        cutting = [name for name in stages if name in {*summary.cuts["stage"].to_pylist()}]
        name = f"{CUTS} by {', '.join(cutting)}" if cutting else CUTS
        yield _row(done.step, name, (given, came[1]), came, is_counted=is_counted)
    for place, name in enumerate(names):
        before, after = (cells.reaching(names[:end]) for end in (place, place + 1))
        if name in stages or before != after:
            yield _row(done.step, name, before, after, is_counted=is_counted)
    if cells.copies() != cells.kept():
        yield _row(done.step, COPIES, cells.kept(), cells.copies(), is_counted=is_counted)


def _row(step: str, name: str, before: Sides, after: Sides, *, is_counted: bool) -> TokenRow:
    flows = [
        {
            value: Flow(one.get(value, Amount()), other.get(value, Amount()))
            for value in sorted({*one, *other})
        }
        for one, other in zip(before, after, strict=True)
    ]
    whole = Flow(_total(before[0]), _total(after[0]))
    return TokenRow(step, name, whole, flows[0], flows[1], is_counted)


def _differ(one: Amounts, other: Amounts) -> bool:
    """Whether tokens differ that are known, by half of one and more."""
    tokens = [(one.get(name, Amount()).tokens, other[name].tokens) for name in other]
    return any(
        before is not None and after is not None and abs(before - after) >= ROUNDED
        for before, after in tokens
    )


def _of_output(counts: Sequence[TokenCount], column: str) -> Amounts:
    return {one.value: Amount(one.rows, one.tokens) for one in counts if one.column == column}


def _sum(amounts: Iterable[Amounts]) -> Amounts:
    found: dict[str, Amount] = defaultdict(Amount)
    for one in amounts:
        for value, amount in one.items():
            found[value] += amount
    return found


def _total(amounts: Amounts) -> Amount:
    return sum(amounts.values(), Amount())
