import random
from collections import Counter

import pytest

from curation.testing.corpus import run_corpus_stage
from schemas.verdict import Decision
from stages.line_dedup import LineDedup, LineDedupReason, line_digest


def by_definition(documents, stage):
    """The report's procedure with a dictionary of counts: the text of each document by position."""
    seen = Counter()
    texts = {}
    for document in sorted(documents, key=lambda d: d["position"]):
        lines = document["text"].split("\n")
        count = len(lines) - (lines[-1] == "")
        kept = []
        for number, line in enumerate(lines):
            edge = number < min(stage.head_lines, count) or (
                count - stage.tail_lines <= number < count
            )
            if edge and any(c.isalnum() for c in line):
                seen[line.strip()] += 1
                if seen[line.strip()] > stage.max_occurrences:
                    continue
            kept.append(line)
        texts[document["position"]] = "\n".join(kept)
    return texts, seen


def texts_after(documents, verdicts):
    return {
        d["position"]: verdicts[d["position"]].columns.get("text", d["text"]) for d in documents
    }


def corpus(seed, size, name=""):
    """Documents of 0 to 12 lines from few, some of them without words, positions far apart."""
    pick = random.Random(seed)
    words = [f"{word}{name}" for word in ["Home", " Home", "登录", "© 2024", *"abcdefgh"]]
    lines = [*words, "---", "", "★"]
    return [
        {
            "position": i * 1000 + pick.randrange(1000),
            "doc_id": f"d{i}",
            "text": "\n".join(pick.choices(lines, k=pick.randrange(13))) + pick.choice(["", "\n"]),
        }
        for i in range(size)
    ]


def corpora(seed, count=20):
    """Random corpora side by side: their lines have nothing in common, their crawl order has."""
    pick = random.Random(seed)
    documents = [
        d for n in range(count) for d in corpus(pick.random(), pick.randrange(60), f"/{n}")
    ]
    order = pick.sample(range(10**6), len(documents))
    documents = [{**d, "position": place} for d, place in zip(documents, order, strict=True)]
    pick.shuffle(documents)
    return documents


@pytest.mark.spark
@pytest.mark.parametrize(
    ("head", "tail", "cap", "partitions"), [(5, 5, 3, 1), (2, 3, 9, 7), (0, 4, 1, 3)]
)
def test_what_is_cut_is_what_the_report_says(spark, head, tail, cap, partitions):
    stage = LineDedup(head_lines=head, tail_lines=tail, max_occurrences=cap)
    documents = corpora(cap)
    verdicts, state = run_corpus_stage(spark, stage, documents, partitions)
    texts, seen = by_definition(documents, stage)
    assert texts_after(documents, verdicts) == texts
    assert {r["digest"]: r["count"] for r in state} == {line_digest(k): n for k, n in seen.items()}
    assert any(v.edits for v in verdicts.values())


@pytest.mark.slow
@pytest.mark.spark
def test_batches_one_after_another_give_what_one_run_over_all_gives(spark):
    stage = LineDedup(max_occurrences=9)
    documents = sorted(corpora(7), key=lambda d: d["position"])
    whole, _ = run_corpus_stage(spark, stage, documents, 4)
    states, one_by_one = [], {}
    for batch in (documents[:200], documents[200:201], documents[201:]):
        verdicts, state = run_corpus_stage(spark, stage, batch, 3, states)
        states.append(state)
        one_by_one |= verdicts
    assert one_by_one == whole
    assert any(v.edits for v in whole.values())


@pytest.mark.spark
def test_partitions_and_arrival_order_do_not_matter(spark):
    documents = corpus(8, 80)
    first, _ = run_corpus_stage(spark, LineDedup(max_occurrences=9), documents, 1)
    second, _ = run_corpus_stage(spark, LineDedup(max_occurrences=9), documents[::-1], 7)
    assert first == second


@pytest.mark.spark
def test_the_two_hundredth_occurrence_stays_and_the_next_is_cut(spark):
    documents = [{"position": i, "doc_id": f"d{i}", "text": f"Menu\nstory {i}"} for i in range(203)]
    verdicts, state = run_corpus_stage(spark, LineDedup(), documents, 5)
    cut = sorted(p for p, v in verdicts.items() if v.edits)
    assert cut == [200, 201, 202]
    assert verdicts[200].columns["text"] == "story 200"
    assert {r["digest"]: (r["count"], r["first_position"]) for r in state}[line_digest("Menu")] == (
        203,
        0,
    )


@pytest.mark.spark
def test_a_document_that_loses_every_line_is_removed(spark):
    documents = [{"position": i, "doc_id": f"d{i}", "text": "Log in\n---"} for i in range(3)]
    verdicts, _ = run_corpus_stage(spark, LineDedup(max_occurrences=2), documents, 2)
    assert [verdicts[p].decision for p in range(3)] == [
        Decision.KEEP,
        Decision.KEEP,
        Decision.REMOVE,
    ]
    assert verdicts[2].reason == LineDedupReason.NOTHING_LEFT
    assert verdicts[2].columns["text"] == "---"
    assert [(e.line, e.text) for e in verdicts[2].edits] == [(0, "Log in")]


def test_an_untouched_document_keeps_its_bytes():
    row = {"text": " \r\nodd\u2028spacing \n\n", "flag": None}
    (verdict,) = LineDedup().open()([row])
    assert verdict.decision is Decision.KEEP
    assert "text" not in verdict.columns
    assert verdict.edits == ()
