import pytest

from curation.testing.corpus import run_corpus_stage
from schemas.verdict import Decision
from stages.payload_dedup import PayloadDedup, PayloadReason, digest

PAGE = b"<html><body><p>Some page.</p></body></html>"


def document(position, body=PAGE, **columns):
    return {
        "position": position,
        "doc_id": f"d{position}",
        "body": body,
        "text": "",
        "content_type": "text/html",
        "http_charset": "",
        **columns,
    }


def test_equal_bodies_have_one_digest_of_128_bits_and_others_have_others():
    assert digest(document(1)) == digest(document(2))
    assert len(digest(document(1))) == 16
    assert digest(document(1)) != digest(document(1, PAGE + b" "))


@pytest.mark.parametrize("claim", [{"content_type": "text/plain"}, {"http_charset": "gbk"}])
def test_equal_bodies_that_would_be_read_differently_are_not_the_same(claim):
    assert digest(document(1)) != digest(document(2, **claim))


def test_of_a_page_that_has_only_text_the_text_counts():
    one, same, other = (document(1, None, text=text) for text in ("a", "a", "b\ud800"))
    assert digest(one) == digest(same) != digest(other)


@pytest.mark.spark
@pytest.mark.parametrize("partitions", [1, 5])
def test_the_first_page_in_crawl_order_stays_for_all_with_its_body(spark, partitions):
    documents = [document(p, b"%d" % (p % 7)) for p in range(40)]
    verdicts, state = run_corpus_stage(spark, PayloadDedup(), documents[::-1], partitions)
    assert [p for p, v in verdicts.items() if v.decision is Decision.KEEP] == [6, 5, 4, 3, 2, 1, 0]
    assert verdicts[23].reason == PayloadReason.SAME_BODY
    assert verdicts[23].detail == "the same body as d2, which goes on"
    assert sorted(row["doc_id"] for row in state) == [f"d{p}" for p in range(7)]


@pytest.mark.spark
def test_a_body_of_an_earlier_batch_goes_and_names_the_page_of_then(spark):
    _, may = run_corpus_stage(spark, PayloadDedup(), [document(9)], 1, [])
    verdicts, june = run_corpus_stage(
        spark, PayloadDedup(), [document(1), document(2, b"new")], 2, [may]
    )
    assert verdicts[1].detail == "the same body as d9, which goes on"
    assert verdicts[2].decision is Decision.KEEP
    assert [row["doc_id"] for row in june] == ["d2"]
