"""The ranking of sites against a plain count over the same pages."""

import csv
import io
from collections import Counter
from enum import StrEnum

import pytest

from curation.inspect.run_files import StepRun
from curation.inspect.sites import rank_sites, shares_in_words, sites_table, write_csv
from curation.inspect.step_summaries import step_summary
from curation.parts.writer import PartWriter
from curation.storage.manifest import Manifest
from curation.storage.stage_description import StageDescription
from curation.summaries.columns import NO_SITE
from schemas.document import SOURCE_COLUMNS
from schemas.verdict import remove
from stages.chain import Document


class Fault(StrEnum):
    BAD = "bad"
    DULL = "dull"


def page(number, site, url=None):
    columns = dict.fromkeys(SOURCE_COLUMNS)
    return Document(
        {
            **columns,
            "doc_id": f"{number:032x}",
            "url": url or f"http://www.{site}/{number}",
            "position": number,
            "text": "字" * number,
            "site": site,
        }
    )


def write_step(folder, parts):
    columns = {**SOURCE_COLUMNS, "site": SOURCE_COLUMNS["url"]}
    results, documents = [], [document for part in parts for document in part]
    for number, part in enumerate(parts):
        with PartWriter(columns, str(folder), number, 1000) as writer:
            writer.write(part)
            results.append(writer.finish({}))
    kept = sum(document.decision == "keep" for document in documents)
    gone = len(documents) - kept
    done = Manifest(
        folder.name, 1, "x", (StageDescription("rules", 1, {}, {}),), len(documents), kept, gone, 0,
        (), {}, 0.1, tuple(results),
    )  # fmt: skip
    return StepRun(str(folder), done)


@pytest.fixture
def runs(tmp_path):
    """The summaries of two steps: 40 pages of 4 sites in, every third leaves in the first, every fifth after."""
    pages = [page(n, f"site-{n % 4}.example") for n in range(1, 41)]
    for n, document in enumerate(pages):
        if n % 3 == 0:
            document.apply("rules", remove(Fault.BAD, ""))
    first = write_step(tmp_path / "1", [pages[:25], pages[25:]])
    rest = [page(d.columns["position"], d.columns["site"]) for d in pages if d.decision == "keep"]
    for n, document in enumerate(rest):
        if n % 5 == 0:
            document.apply("clutter", remove(Fault.DULL, ""))
    steps = [first, write_step(tmp_path / "2", [rest[:7], rest[7:]])]
    return list(map(step_summary, steps)), pages, rest


def test_every_page_counts_once_for_the_way_in_which_it_ended(runs):
    steps, pages, rest = runs
    ranking = rank_sites(steps, 10)
    ends = Counter(
        (d.columns["site"], f"{d.stage}: {d.reason}") for d in pages if d.decision != "keep"
    )
    ends += Counter(
        (d.columns["site"], f"{d.stage}: {d.reason}" if d.stage else "kept") for d in rest
    )
    assert {(s.name, e.end): e.pages for s in ranking.sites for e in s.ends} == ends
    assert ranking.pages == len(pages)


def test_sites_are_ranked_by_the_characters_that_are_kept(runs):
    steps, _, rest = runs
    sizes = Counter()
    for document in rest:
        if document.decision == "keep":
            sizes[document.columns["site"]] += len(document.columns["text"])
    ranking = rank_sites(steps, 3)
    assert [(s.name, s.kept.characters) for s in ranking.sites] == sizes.most_common(3)
    assert (ranking.count, ranking.characters) == (4, sizes.total())


def test_the_sample_page_of_an_end_is_that_of_the_least_id(runs):
    steps, pages, _ = runs
    (site,) = [s for s in rank_sites(steps, 9).sites if s.name == "site-1.example"]
    (end,) = [e for e in site.ends if e.end == "rules: bad"]
    least = min(
        d.columns["doc_id"] for d in pages if d.columns["site"] == site.name and d.reason == "bad"
    )
    assert end.url == f"http://www.{site.name}/{int(least, 16)}"


def test_a_page_without_a_site_counts_for_its_host_or_for_none(tmp_path):
    pages = [page(1, None, "http://b.example/x"), page(2, "", "no url"), page(3, "a.example")]
    ranking = rank_sites([step_summary(write_step(tmp_path / "1", [pages]))], 9)
    assert {site.name for site in ranking.sites} == {"b.example", NO_SITE, "a.example"}


def test_a_run_without_steps_has_no_sites():
    assert rank_sites([], 5).sites == []


def test_the_csv_has_a_line_for_each_site_and_no_cell_that_computes(tmp_path):
    pages = [page(1, "a.example", '=cmd|"x"'), page(3, "b.example")]
    ranking = rank_sites([step_summary(write_step(tmp_path / "1", [pages]))], 9)
    rows = list(csv.DictReader(io.StringIO(write_csv(ranking))))
    assert [row["site"] for row in rows] == ["b.example", "a.example"]
    assert rows[0]["text_share"] == "0.750000"
    assert rows[1]["text_share_so_far"] == "1.000000"
    assert rows[1]["sample_kept"].startswith("'=")


def test_the_table_says_what_the_ranked_sites_have_together(runs):
    ranking = rank_sites(runs[0], 4)
    assert "4 of 4 sites have 100.0% of 40 pages and 100.0%" in shares_in_words(ranking)
    assert sites_table(ranking).row_count == 4
