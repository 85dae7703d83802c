"""The ranking of sites by unsafe pages against a plain count over the same pages."""

import random

import pytest
from rich.console import Console

from curation.inspect import unsafe_sites
from curation.inspect.unsafe_sites import MIN_SCORE, rank_unsafe_sites, show_unsafe_sites
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


def test_the_list_of_the_worst_is_one_that_url_filter_reads(tmp_path, monkeypatch):
    monkeypatch.setattr(unsafe_sites, "load_run", lambda _: ["a run"])
    monkeypatch.setattr(unsafe_sites, "_scores", lambda _: True)
    monkeypatch.setattr(unsafe_sites, "_rows", lambda _: PAGES)
    target = tmp_path / "unsafe.txt"
    show_unsafe_sites("batch", 10, 0.5, str(target), Console(quiet=True))
    assert target.read_text() == "bets.example\n"
    urls = ["http://m.bets.example/x", "http://news.example/"]
    assert list(UrlBlocklist(target).report(urls).matches) == [0]
