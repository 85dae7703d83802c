"""The ranking of sites by unsafe pages against a plain count over the same pages."""

import random

import pyarrow as pa
import pytest
from rich.console import Console

from curation.errors import UsageError
from curation.inspect import unsafe_sites
from curation.inspect.run_files import StepRun
from curation.inspect.unsafe_sites import MIN_SCORE, rank_unsafe_sites, show_unsafe_sites
from curation.parts.writer import PartWriter
from curation.storage.manifest import Manifest
from curation.storage.stage_description import StageDescription
from schemas.document import SOURCE_COLUMNS
from schemas.verdict import Decision, remove
from stages.chain import Document
from stages.safety import Safety, SafetyReason
from stages.url_filter import UrlBlocklist


def page(site, adult=0.0, gambling=0.0, offence=0.0):
    url = f"http://www.{site}/"
    return {"site": site, "url": url, "adult": adult, "gambling": gambling, "offence": offence}


PAGES = [
    *[page("bets.example", gambling=0.95) for _ in range(9)],
    page("bets.example"),
    *[page("news.example") for _ in range(30)],
    page("news.example", offence=MIN_SCORE),
    page("one.example", adult=1.0),
    *[page("fine.example", adult=MIN_SCORE - 0.01) for _ in range(5)],
]


def test_sites_are_ranked_by_the_share_that_is_sure():
    sites = rank_unsafe_sites(PAGES)
    assert [(site.name, site.pages, site.unsafe, site.by_subject) for site in sites] == [
        ("bets.example", 10, 9, (0, 9, 0)),
        ("one.example", 1, 1, (1, 0, 0)),
        ("news.example", 31, 1, (0, 0, 1)),
    ]
    assert [site.least_share for site in sites] == pytest.approx([0.596, 0.207, 0.006], abs=1e-3)


def test_the_order_of_pages_changes_nothing():
    shuffled = random.Random(1).sample(PAGES, len(PAGES))
    assert rank_unsafe_sites(shuffled) == rank_unsafe_sites(PAGES)


def test_a_page_that_was_not_scored_counts_not():
    unscored = {**page("bets.example"), "adult": None, "gambling": None, "offence": None}
    assert rank_unsafe_sites([*PAGES, unscored]) == rank_unsafe_sites(PAGES)


def test_a_page_without_site_counts_for_its_host():
    row = {**page("bets.example", adult=1.0), "site": None}
    assert [site.name for site in rank_unsafe_sites([row])] == ["www.bets.example"]


def write_step(folder, stages, parts):
    """A step whose pages come in some parts, as a run writes it; what is no score is null."""
    columns = {**SOURCE_COLUMNS, "site": pa.string(), **Safety.writes}
    results = []
    for number, part in enumerate(parts):
        with PartWriter(columns, str(folder), number, 1000) as writer:
            writer.write(part)
            results.append(writer.finish({}))
    pages = sum(map(len, parts))
    gone = sum(one.decision is Decision.REMOVE for part in parts for one in part)
    described = tuple(StageDescription(name, 1, {}, {}) for name in stages)
    counts = (pages, pages - gone, gone, 0)
    done = Manifest(folder.name, 1, "x", described, *counts, (), {}, 0.1, tuple(results))
    return StepRun(str(folder), done)


def documents():
    """The pages, of which each unsafe one of a newspaper was removed for its scores."""
    for number, row in enumerate(PAGES):
        columns = {**dict.fromkeys(SOURCE_COLUMNS), **row, "position": number, "text": "a"}
        document = Document({**columns, "doc_id": f"{number:032x}"})
        if row["offence"]:
            document.apply("safety", remove(SafetyReason.OFFENSIVE_TEXT, "high"))
        yield document


@pytest.mark.parametrize("size", [3, 100])
def test_the_list_of_the_worst_is_one_that_url_filter_reads(tmp_path, monkeypatch, size):
    pages = list(documents())
    parts = [pages[start : start + size] for start in range(0, len(pages), size)]
    scored = write_step(tmp_path / "scored", ["quality", "safety"], parts)
    later = write_step(tmp_path / "later", ["category"], [pages[:1]])
    monkeypatch.setattr(unsafe_sites, "load_run", lambda _: [scored, later])
    target = tmp_path / "unsafe.txt"
    show_unsafe_sites("batch", 10, 0.5, str(target), Console(quiet=True))
    assert target.read_text() == "bets.example\n"
    urls = ["http://m.bets.example/x", "http://news.example/"]
    assert list(UrlBlocklist(target).report(urls).matches) == [0]


def test_a_run_without_scores_is_refused(tmp_path, monkeypatch):
    run = write_step(tmp_path / "step", ["quality"], [list(documents())[:1]])
    monkeypatch.setattr(unsafe_sites, "load_run", lambda _: [run])
    with pytest.raises(UsageError, match="ran no stage 'safety'"):
        show_unsafe_sites("batch", 10, 0.5, None, Console(quiet=True))
