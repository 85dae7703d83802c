"""Tokens in and out of every step, as the report draws them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from curation.inspect.printable import printable
from curation.inspect.run_files import StepRun
from curation.inspect.tokens import Flow, TokenRow, rows_of_run, token_rates
from curation.summaries.summary import Summary


def token_table(runs: Sequence[StepRun], summaries: Sequence[Summary]) -> Mapping[str, Any]:
    """The rows of a run with what they were counted by; ``summaries`` are of steps that judge."""
    judged = [run.manifest for run in runs if run.manifest.stages]
    rates = token_rates(summaries)
    counted_in = "" if rates.counted_in is None else judged[rates.counted_in].step
    return {
        "countedIn": printable(counted_in),
        "rates": [[printable(one), rate] for one, rate in sorted(rates.per_character.items())],
        "rows": [_row(row) for row in rows_of_run(runs, summaries)],
    }


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
