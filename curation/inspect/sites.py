"""The sites of a run, ranked: their share of pages and text, what left and why, pages to look at.

Every page of a run ends once: where it left, or in what the last step kept. The ends are grouped by
site and reason file by file, so that what is held is a row for each site and reason, never text.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

import pyarrow as pa
import pyarrow.compute as pc
from rich.table import Table
from rich.text import Text

from curation.inspect.run_files import StepRun, read_columns
from schemas.verdict import Decision
from stages.sites import host_of

KEPT = "kept"
NO_SITE = "(none)"
_COLUMNS = ["site", "url", "doc_id", "stage", "reason"]
_HEADINGS = (
    *("rank", "site", "pages", "page_share", "kept", "characters", "text_share"),
    *("text_share_so_far", "reasons", "sample_kept", "samples_gone"),
)
_FORMULA = ("=", "+", "-", "@")  # a spreadsheet would compute a cell that begins with one


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


def rank_sites(runs: Sequence[StepRun], top: int) -> Ranking:
    """The ``top`` sites by characters kept, then by pages, then by name. Exact."""
    sites: dict[str, Site] = {}
    for row in _grouped([_ends(*found) for found in _files(runs)]).to_pylist():
        end = SiteEnd(row["end"], row["pages"], row["characters"], row["url"])
        sites.setdefault(row["site"], Site(row["site"])).ends.append(end)
    for site in sites.values():
        site.ends.sort(key=lambda end: (-end.pages, end.end))
    order = sorted(sites.values(), key=lambda s: (-s.kept.characters, -s.pages, s.name))
    pages = sum(site.pages for site in order)
    return Ranking(order[:top], len(order), pages, sum(site.kept.characters for site in order))


def sites_table(ranking: Ranking) -> Table:
    """The ranking for a terminal."""
    table = Table(title="Sites by text kept", title_justify="left")
    for name in ("site", "pages", "of all", "kept", "of the text", "what left"):
        table.add_column(name, justify="left" if name in ("site", "what left") else "right")
    for site in ranking.sites:
        gone = ", ".join(f"{end.end} {end.pages:,}" for end in site.gone)
        page_share, text_share = ranking.page_share(site), ranking.text_share(site)
        numbers = [f"{site.pages:,}", f"{page_share:.1%}", f"{site.kept.pages:,}"]
        table.add_row(Text(site.name), *numbers, f"{text_share:.1%}", Text(gone))
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
        table.writerow([_cell(value) for value in (*row, " ".join(e.url for e in site.gone))])
    return out.getvalue()


def _cell(value: object) -> object:
    return f"'{value}" if isinstance(value, str) and value.startswith(_FORMULA) else value


def _files(runs: Sequence[StepRun]) -> Iterator[tuple[pa.Table, Decision]]:
    judged = [run for run in runs if run.manifest.stages]
    for run in judged:
        for decision in (Decision.REMOVE, Decision.QUARANTINE):
            for _, table in read_columns(run, decision, _COLUMNS):
                yield table, decision
    for run in judged[-1:]:
        for _, table in read_columns(run, Decision.KEEP, [*_COLUMNS, "text"]):
            yield table, Decision.KEEP


def _ends(table: pa.Table, decision: Decision) -> pa.Table:
    """The pages of one file by site and end; ``url`` is that of the least ``doc_id``."""
    rows = table.num_rows
    if decision is Decision.KEEP:
        end = pa.array([KEPT] * rows, pa.string())
        characters = pc.fill_null(pc.utf8_length(table["text"]), 0)
    else:
        end = pc.binary_join_element_wise(table["stage"], table["reason"], ": ")
        characters = pa.array([0] * rows)
    columns = {
        "site": _site_names(table),
        "end": end,
        "order": pc.fill_null(table["doc_id"], ""),
        "url": pc.fill_null(table["url"], ""),
        "pages": pa.array([1] * rows, pa.int64()),
        "characters": characters.cast(pa.int64()),
    }
    return _grouped([pa.table(columns)])


def _site_names(table: pa.Table) -> pa.Array:
    """The ``site`` column; where it has none, the URL's host."""
    urls = table["url"].to_pylist()
    sites = table["site"].to_pylist() if "site" in table.column_names else [None] * len(urls)
    names = [s or host_of(url or "") or NO_SITE for s, url in zip(sites, urls, strict=True)]
    return pa.array(names, pa.string())


def _grouped(tables: Sequence[pa.Table]) -> pa.Table:
    if not tables:
        return pa.table({})
    rows = pa.concat_tables(tables).sort_by([("order", "ascending"), ("url", "ascending")])
    sums = [("pages", "sum"), ("characters", "sum"), ("order", "first"), ("url", "first")]
    found = rows.group_by(["site", "end"], use_threads=False).aggregate(sums)
    return found.rename_columns([name.partition("_")[0] for name in found.column_names])
