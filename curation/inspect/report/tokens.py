"""Tokens in and out of every step, as the report draws them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from conf.references import ClassReferenceError
from curation.inspect.printable import printable
from curation.inspect.run_files import StepRun
from curation.inspect.tokens import Flow, TokenRow, token_rates, token_rows
from curation.outputs.registry import KNOWN_OUTPUTS
from curation.summaries.summary import Summary


def token_table(runs: Sequence[StepRun], summaries: Sequence[Summary]) -> Mapping[str, Any]:
    """The rows of a run with what they were counted by; ``summaries`` are of steps that judge."""
    judged = [run.manifest for run in runs if run.manifest.stages]
    outputs = [run.manifest for run in runs if not run.manifest.stages]
    made_of = {run.manifest.step: _made_of(run) for run in runs if not run.manifest.stages}
    rates = token_rates(summaries)
    counted_in = "" if rates.counted_in is None else judged[rates.counted_in].step
    return {
        "countedIn": printable(counted_in),
        "rates": [[printable(one), rate] for one, rate in sorted(rates.per_character.items())],
        "rows": [_row(row) for row in token_rows(judged, summaries, outputs, made_of)],
    }


def _made_of(run: StepRun) -> str:
    """The output of which another one is made; "" for the documents that are kept."""
    try:
        return KNOWN_OUTPUTS.find(run.output).made_of
    except ClassReferenceError:  # of a package that has gone
        return ""


def _row(row: TokenRow) -> Mapping[str, Any]:
    return {
        "step": printable(row.step),
        "name": printable(row.name),
        "counted": row.is_counted,
        "whole": _flow(row.whole),
        "languages": {printable(value): _flow(flow) for value, flow in row.languages.items()},
        "kinds": {printable(value): _flow(flow) for value, flow in row.kinds.items()},
    }


def _flow(flow: Flow) -> Sequence[int | None]:
    """Documents in and out, tokens in and out."""
    tokens = (flow.before.tokens, flow.after.tokens)
    return [
        *(flow.before.rows, flow.after.rows),
        *(None if one is None else round(one) for one in tokens),
    ]
