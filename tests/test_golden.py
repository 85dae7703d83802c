"""Documents that we wrote, and what becomes of each on the way through the document stages.

The file is the record of our judgement: a change that moves a document has to say so there.
"""

import json
from pathlib import Path

import pytest

from conf import locate
from curation.config import load_config
from schemas.page import doc_id
from schemas.verdict import Decision
from stages.base import DocumentStage
from stages.chain import Document, open_chain, run_chain

GOLDEN = [
    json.loads(line)
    for line in (Path(__file__).parent / "golden" / "documents.jsonl").read_text().splitlines()
]


@pytest.fixture(scope="module")
def chain():
    config = load_config(locate("local.toml"))
    stages = [config.stage[name] for step in config.step for name in step.stages]
    return open_chain([stage for stage in stages if isinstance(stage, DocumentStage)])


def page(golden):
    return Document(
        {
            "doc_id": doc_id(golden["id"]),
            "url": golden["url"],
            "content_type": "text/html",
            "http_charset": "",
            "body": golden.get("html", "").encode(),
            "title": "",
            "text": golden.get("text", ""),
        }
    )


@pytest.mark.parametrize("golden", GOLDEN, ids=lambda golden: golden["id"])
def test_a_golden_document_is_judged_as_the_file_says(golden, chain):
    document = page(golden)
    run_chain(chain, [document])
    expected = golden["expected"]
    got = (document.decision, document.stage, document.reason)
    assert got == (expected["decision"], expected["stage"], expected["reason"]), document.detail


def test_the_golden_documents_have_good_and_bad_ones_in_both_languages():
    kinds = {(g["language"], g["expected"]["decision"]) for g in GOLDEN}
    assert {(la, d) for la in ("zh", "en") for d in (Decision.KEEP, Decision.REMOVE)} <= kinds
    assert len(GOLDEN) >= 40


PARAGRAPHS = [
    "A loop visits every row of a table once, and its body decides what becomes of the row.",
    "The first version reads all rows into memory, which is simple, but fails for large files.",
    "The second reads one row at a time, so that its memory does not grow with the file.",
    "Both give the same result, as the tests show, and the second is hardly slower.",
]
CODE = "def total(rows):\n    result = 0\n\n    for row in rows:\n        result += row.value\n    return result"
ROWS = "".join(f"<tr><td>{n}</td><td>{n / 10000}</td></tr>" for n in (1000, 2000))


def test_code_and_tables_reach_the_end_as_extraction_wrote_them(chain):
    first, second, third, last = (f"<p>{paragraph}</p>" for paragraph in PARAGRAPHS)
    html = f"<article><h1>Loops over tables</h1>{first}{second}<pre>{CODE}</pre>{third}"
    html += f"<table><tr><th>rows</th><th>seconds</th></tr>{ROWS}</table>{last}</article>"
    document = page({"id": "loops", "url": "http://e.org/loops", "html": html})
    run_chain(chain, [document])
    assert document.decision is Decision.KEEP, document.detail
    table = "| rows | seconds |\n| 1000 | 0.1 |\n| 2000 | 0.2 |"
    assert f"\n{CODE}\n{PARAGRAPHS[2]}\n{table}\n" in document.row()["text"]
