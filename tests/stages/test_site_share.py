import pytest

from curation.testing.corpus import run_corpus_stage
from schemas.verdict import Decision
from stages.site_share import SiteShare, SiteShareReason


def documents(language="zh", start=0, **sites):
    """Documents of a hundred characters, so many of each site."""
    named = [site for site, count in sites.items() for _ in range(count)]
    return [
        {
            "position": number,
            "doc_id": f"{language}{number}",
            "text": "字" * 100,
            "language": language,
            "site": site,
        }
        for number, site in enumerate(named, start)
    ]


def stay(verdicts, rows, site):
    kept = [verdicts[row["position"]].decision is Decision.KEEP for row in rows]
    return sum(one for one, row in zip(kept, rows, strict=True) if row["site"] == site)


MIXED = [
    *documents("zh", laws=600, small=200, other=200),
    *documents("en", start=1_000, laws=100, news=300, essays=600),
]


@pytest.fixture(scope="module")
def judged(spark):
    return run_corpus_stage(spark, SiteShare(max_share=0.3), MIXED, 1)[0]


@pytest.mark.spark
def test_a_site_is_thinned_to_its_share_of_its_language(judged):
    assert 260 < stay(judged, MIXED[:1_000], "laws") < 340  # of 600: 300, and 12 are one deviation
    assert 260 < stay(judged, MIXED[1_000:], "essays") < 340
    assert stay(judged, MIXED[1_000:], "laws") == 100
    assert stay(judged, MIXED[1_000:], "news") == 300  # as much as may be is not more
    assert stay(judged, MIXED, "small") == stay(judged, MIXED, "other") == 200


@pytest.mark.spark
def test_the_verdict_says_how_much_the_site_has_and_what_stays(judged):
    gone = next(one for one in judged.values() if one.decision is Decision.REMOVE)
    assert gone.reason == SiteShareReason.OVER_SHARE
    assert gone.detail == (
        "laws has 60.00% of the text in zh, more than 30.00%: 50.00% of it stays, drawn by lot"
    )


@pytest.mark.spark
@pytest.mark.parametrize("partitions", [3, 7])
def test_the_verdicts_do_not_depend_on_partitions(spark, judged, partitions):
    shuffled = MIXED[::-1]
    assert run_corpus_stage(spark, SiteShare(max_share=0.3), shuffled, partitions)[0] == judged


@pytest.mark.spark
def test_one_more_document_takes_at_most_the_edge_of_the_lot_with_it(spark, judged):
    more = [*MIXED, *documents("zh", start=5_000, other=1)]
    verdicts, _ = run_corpus_stage(spark, SiteShare(max_share=0.3), more, 2)
    decided = {p: v.decision for p, v in judged.items()}
    assert sum(verdicts[p].decision is not decided[p] for p in decided) <= 1


@pytest.mark.spark
def test_another_seed_draws_others(spark, judged):
    verdicts, _ = run_corpus_stage(spark, SiteShare(max_share=0.3, seed=2), MIXED, 2)
    assert verdicts != judged


@pytest.mark.spark
def test_documents_without_a_site_stay_and_count(spark):
    rows = [*documents(a=50), *documents(start=100, **{"": 150})]
    rows[-1] |= {"site": None, "language": None, "text": None}
    verdicts, _ = run_corpus_stage(spark, SiteShare(max_share=0.1), rows, 2)
    assert stay(verdicts, rows, "") + stay(verdicts, rows, None) == 150
    assert 8 < stay(verdicts, rows, "a") < 33  # of 50: 19.9


@pytest.mark.spark
@pytest.mark.parametrize("rows", [[], documents(a=0, b=3)], ids=["none", "one site"])
def test_a_share_of_one_and_an_empty_corpus_lose_nothing(spark, rows):
    verdicts, _ = run_corpus_stage(spark, SiteShare(max_share=1.0), rows, 2)
    assert all(verdict.decision is Decision.KEEP for verdict in verdicts.values())
