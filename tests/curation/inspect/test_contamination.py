import pyarrow as pa

from curation.inspect.contamination import BenchmarkRate, benchmark_rates
from curation.summaries.documents import summarise
from curation.summaries.summary import LABELS, add, empty
from schemas.document import document_schema
from schemas.verdict import Decision
from stages.decontaminate import Decontaminate

SCHEMA = document_schema({"doc_id": pa.string(), "text": pa.string(), **Decontaminate.writes})


def page(number, *hits):
    found = [{"benchmark": benchmark, "item": item, "part": part} for benchmark, item, part in hits]
    return {"doc_id": str(number), "text": "", "contamination": found or None}


def summary(decision, *pages):
    return summarise(pa.Table.from_pylist(list(pages), schema=SCHEMA), decision)


def test_documents_and_items_of_each_benchmark_are_counted_once():
    kept = summary(Decision.KEEP, page(1), page(2, ("b", "7", "answer")), page(3))
    removed = summary(
        Decision.REMOVE,
        page(4, ("a", "1", "question"), ("a", "1", "answer"), ("a", "2", "question")),
        page(5, ("a", "1", "question"), ("b", "7", "question"), ("b", "x/y", "question")),
    )
    total = add([kept, removed])
    later = summary(Decision.KEEP, page(2, ("b", "7", "answer")))
    rates = benchmark_rates([empty(LABELS), total.labels, later.labels], [9, total.pages, 1])
    assert rates == [BenchmarkRate("a", 2, 2, 0, 0.4), BenchmarkRate("b", 2, 2, 1, 0.4)]


def test_a_run_that_looked_for_nothing_has_no_rates():
    assert benchmark_rates([summary(Decision.KEEP, page(1)).labels], [1]) == []
