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
