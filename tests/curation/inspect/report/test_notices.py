from curation.inspect.funnel import FunnelRow
from curation.inspect.report.notices import notices
from curation.inspect.sites import Ranking, Site, SiteEnd
from tests.curation.summaries.rows import row, summary_of

NO_SITES = Ranking([], 0, 0, 0)


def stage(rows_in=100, removed=(), quarantined=()):
    gone = sum(count for _, count in (*removed, *quarantined))
    return FunnelRow("prepare", "rules", rows_in, rows_in - gone, removed, quarantined, 1.0)


def said(rows=(), summaries=(), ranking=NO_SITES, languages=()):
    return [one.text for one in notices(rows, summaries, ranking, languages)]


def test_a_reason_that_takes_much_of_what_reached_its_stage_is_told():
    assert said([stage(removed=(("spam", 21), ("short", 20)))]) == [
        "rules removed 21% of what reached it as spam"
    ]
    assert said([stage(rows_in=10, removed=(("spam", 9),))]) == []


def test_pages_that_could_not_be_judged_are_told():
    assert said([stage(quarantined=(("damaged", 2),))]) == [
        "2.0% of the pages (2) could not be judged"
    ]
    assert said([stage(quarantined=(("damaged", 1),))]) == []


def test_a_site_with_much_of_the_text_is_told():
    sites = [
        Site(name, [SiteEnd("kept", 1, characters, "")])
        for name, characters in (("large.example", 26), ("b.example", 25), ("c.example", 49))
    ]
    found = said(ranking=Ranking(sites, 3, 3, 100))
    assert found == [
        f"{name} has {n}% of the text kept; site_share bounds that"
        for name, n in (("large.example", 26), ("c.example", 49))
    ]
    assert said(ranking=Ranking(sites[:1], 1, 1, 26)) == []


def test_a_language_that_was_asked_for_and_is_short_is_told():
    some = [row(n, language="en") for n in range(1, 50)] + [row(1, language="zh", offset=99)]
    found = said(summaries=[summary_of(some)], languages=["zh", "en"])
    assert found == ["zh has 0.1% of the text kept, of 2 languages that were asked for"]
    assert said(summaries=[summary_of(some)], languages=["en"]) == []
