"""What of a run deserves a look before anything else."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import pyarrow.compute as pc

from curation.inspect.funnel import FunnelRow
from curation.inspect.printable import printable
from curation.inspect.sites import Ranking
from curation.summaries.summary import Summary
from schemas.verdict import Decision

MUCH = 0.2  # of what reached a stage, gone for one reason
LARGE_SITE = 0.25  # of the characters that are kept
SHORT_LANGUAGE = 0.25  # of its even share of them
FAILED = 0.01  # of all pages, quarantined
FEW = 20  # documents that prove nothing


@dataclass(frozen=True, slots=True)
class Notice:
    """One of them in words, and the view of the report that tells more."""

    text: str
    view: str


def notices(
    rows: Sequence[FunnelRow],
    summaries: Sequence[Summary],
    ranking: Ranking,
    languages: Sequence[str],
) -> list[Notice]:
    """All that a run gives cause for, the gravest kind first."""
    return [
        *_failures(rows),
        *_large_reasons(rows),
        *_large_sites(ranking),
        *_short_languages(summaries, languages),
    ]


def _failures(rows: Sequence[FunnelRow]) -> Iterator[Notice]:
    held = sum(count for row in rows for _, count in row.quarantined)
    pages = rows[0].rows_in if rows else 0
    if pages and held / pages > FAILED:
        yield Notice(
            f"{held / pages:.1%} of the pages ({held:,}) could not be judged",
            "samples?decision=quarantine",
        )


def _large_reasons(rows: Sequence[FunnelRow]) -> Iterator[Notice]:
    for row in rows:
        for reason, count in row.removed:
            if row.rows_in >= FEW and count / row.rows_in > MUCH:
                yield Notice(
                    f"{printable(row.stage)} removed {count / row.rows_in:.0%} of what reached it "
                    f"as {printable(reason)}",
                    f"samples?stage={row.stage}&reason={reason}",
                )


def _large_sites(ranking: Ranking) -> Iterator[Notice]:
    for site in ranking.sites:
        share = ranking.text_share(site)
        if share > LARGE_SITE and ranking.count > 1:
            yield Notice(
                f"{printable(site.name)} has {share:.0%} of the text kept; site_share bounds that",
                "sites",
            )


def _short_languages(summaries: Sequence[Summary], languages: Sequence[str]) -> Iterator[Notice]:
    """Languages that should be there and have little of the text."""
    kept = _characters(summaries[-1]) if summaries else {}
    whole = sum(kept.values())
    for language in languages:
        share = kept.get(language, 0) / whole if whole else 0.0
        if len(languages) > 1 and share < SHORT_LANGUAGE / len(languages):
            yield Notice(
                f"{printable(language)} has {share:.1%} of the text kept, of {len(languages)} "
                "languages that were asked for",
                "overview",
            )


def _characters(summary: Summary) -> Mapping[str, int]:
    rows = summary.counts.filter(pc.equal(summary.counts["decision"], str(Decision.KEEP)))
    found = Counter[str]()
    for language, characters in zip(
        rows["language"].to_pylist(), rows["characters"].to_pylist(), strict=True
    ):
        found[language] += characters
    return found
