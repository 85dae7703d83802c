"""The sites of a run, ranked: their share of pages and text, what left and why, pages to look at.

Every page of a run ends once: where it left, or in what the last step kept. The summaries of the
steps have a row for each site and end; no document is read.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from rich.console import Console
from rich.table import Table
from rich.text import Text

from curation import storage
from curation.inspect.printable import cell, printable
from curation.inspect.run_files import load_run
from curation.inspect.step_summaries import step_summary
from curation.summaries.summary import COUNTS, Summary
from curation.summaries.tables import add_rows, empty
from schemas.verdict import Decision

KEPT = "kept"
_ENDS = pa.schema(
    [
        *(("site", pa.string()), ("end", pa.string())),
        *(("pages", pa.int64()), ("characters", pa.int64())),
        *(("doc_id", pa.string()), ("url", pa.string())),
    ]
)
_HEADINGS = (
    *("rank", "site", "pages", "page_share", "kept", "characters", "text_share"),
    *("text_share_so_far", "reasons", "sample_kept", "samples_gone"),
)


@dataclass(frozen=True, slots=True)
class SiteEnd:
    """How pages of a site ended: KEPT or "stage: reason", how many, their text, one of them."""

    end: str
    pages: int
    characters: int
    url: str


@dataclass
class Site:
    """A site with the ways in which its pages ended, the commonest first."""

    name: str
    ends: list[SiteEnd] = field(default_factory=list)

    @property
    def pages(self) -> int:
        """Captures of the site, whatever became of them."""
        return sum(end.pages for end in self.ends)

    @property
    def kept(self) -> SiteEnd:
        """What is left of the site."""
        return next((end for end in self.ends if end.end == KEPT), SiteEnd(KEPT, 0, 0, ""))

    @property
    def gone(self) -> list[SiteEnd]:
        """What left, by reason."""
        return [end for end in self.ends if end.end != KEPT]


@dataclass(frozen=True)
class Ranking:
    """Sites, the largest first, and what all sites of the run have together."""

    sites: Sequence[Site]
    count: int
    pages: int
    characters: int

    def page_share(self, site: Site) -> float:
        """The site's part of all pages."""
        return site.pages / self.pages if self.pages else 0.0

    def text_share(self, site: Site) -> float:
        """The site's part of the characters that the run kept."""
        return site.kept.characters / self.characters if self.characters else 0.0


def show_sites(batch_folder: str, top: int, target: str | None, out: Console) -> None:
    """Print the largest sites of a batch's last run; write them as CSV to ``target``, if given."""
    judged = [run for run in load_run(batch_folder) if run.manifest.stages]
    ranking = rank_sites([step_summary(run) for run in judged], top)
    out.print(sites_table(ranking))
    if target:
        storage.write_bytes(target, write_csv(ranking).encode("utf-8", "replace"))
        out.print(target, soft_wrap=True, highlight=False)


def rank_sites(summaries: Sequence[Summary], top: int) -> Ranking:
    """The ``top`` sites of a run by characters kept, then by pages, then by name. Exact.

    ``summaries`` are those of its steps that judge, in order.
    """
    last = len(summaries) - 1
    counts = [_ended(each.counts, last=place == last) for place, each in enumerate(summaries)]
    totals = _totals(counts)
    ranked = totals.slice(0, top)["site"].combine_chunks()
    sites = {name: Site(name) for name in ranked.to_pylist()}
    for row in _ends(counts, ranked).to_pylist():
        end = SiteEnd(row["end"], row["pages"], row["characters"], row["url"])
        sites[row["site"]].ends.append(end)
    for site in sites.values():
        site.ends.sort(key=lambda end: (-end.pages, end.end))
    whole = [int(np.asarray(totals[name]).sum()) for name in ("pages", "characters")]
    return Ranking(list(sites.values()), totals.num_rows, *whole)


def _ended(counts: pa.Table, *, last: bool) -> pa.Table:
    """The counts of pages that ended in a step: those it kept went on, unless it is the last.

    Characters are those that were kept.
    """
    keeps = pc.equal(counts["decision"], str(Decision.KEEP))
    place = counts.schema.get_field_index("characters")
    kept = pc.if_else(keeps, counts["characters"], 0)
    counts = counts.set_column(place, "characters", kept)
    return counts if last else counts.filter(pc.invert(keeps))


def _totals(counts: Sequence[pa.Table]) -> pa.Table:
    """Pages and characters of each site, in the order of their rank."""
    columns = ["site", "pages", "characters"]
    tables = [empty(COUNTS).select(columns), *(table.select(columns) for table in counts)]
    order = [("characters", "descending"), ("pages", "descending"), ("site", "ascending")]
    return add_rows(pa.concat_tables(tables), ["site"]).sort_by(order)


def _ends(counts: Sequence[pa.Table], sites: pa.Array) -> pa.Table:
    """The ways in which pages of some sites ended."""
    tables = [empty(_ENDS)]
    for table in counts:
        rows = table.filter(pc.is_in(table["site"], sites))
        left = pc.binary_join_element_wise(rows["stage"], rows["reason"], ": ")
        end = pc.if_else(pc.equal(rows["decision"], str(Decision.KEEP)), KEPT, left)
        columns = {name: rows[name] for name in _ENDS.names if name != "end"} | {"end": end}
        tables.append(pa.table([columns[name] for name in _ENDS.names], schema=_ENDS))
    return add_rows(pa.concat_tables(tables), ["site", "end"], ["doc_id", "url"])


def sites_table(ranking: Ranking) -> Table:
    """The ranking for a terminal."""
    table = Table(title="Sites by text kept", title_justify="left")
    for name in ("site", "pages", "of all", "kept", "of the text", "what left"):
        table.add_column(name, justify="left" if name in ("site", "what left") else "right")
    for site in ranking.sites:
        gone = ", ".join(f"{end.end} {end.pages:,}" for end in site.gone)
        page_share, text_share = ranking.page_share(site), ranking.text_share(site)
        numbers = [f"{site.pages:,}", f"{page_share:.1%}", f"{site.kept.pages:,}"]
        table.add_row(Text(printable(site.name)), *numbers, f"{text_share:.1%}", Text(gone))
    table.caption = shares_in_words(ranking)
    table.caption_justify = "left"
    return table


def shares_in_words(ranking: Ranking) -> str:
    """How much of the run the ranked sites have together."""
    pages = sum(map(ranking.page_share, ranking.sites))
    text = sum(map(ranking.text_share, ranking.sites))
    return (
        f"{len(ranking.sites):,} of {ranking.count:,} sites have {pages:.1%} of {ranking.pages:,} "
        f"pages and {text:.1%} of {ranking.characters:,} characters kept"
    )


def write_csv(ranking: Ranking) -> str:
    """The ranking as CSV, one site a line, with the running share of the text."""
    out = io.StringIO()
    table = csv.writer(out, lineterminator="\n")
    table.writerow(_HEADINGS)
    so_far = 0.0
    for rank, site in enumerate(ranking.sites, 1):
        so_far += ranking.text_share(site)
        shares = [f"{share:.6f}" for share in (ranking.text_share(site), so_far)]
        row = [rank, site.name, site.pages, f"{ranking.page_share(site):.6f}"]
        row += [site.kept.pages, site.kept.characters, *shares]
        row += ["; ".join(f"{end.end} {end.pages}" for end in site.gone), site.kept.url]
        row += [" ".join(end.url for end in site.gone)]
        table.writerow([cell(value) if isinstance(value, str) else value for value in row])
    return out.getvalue()
