"""Hostile pages on their way through the first step: every one accounted for, the worker alive."""

from collections import Counter
from dataclasses import replace

import pytest

from conf import locate
from curation.config import load_config
from curation.parts.reader import CrawlSlice, CrawlSlices, Intake, batched, read_documents
from curation.sources.reader import SourceOptions
from schemas.verdict import Decision
from stages.base import DocumentStage
from stages.chain import ChainError, open_chain, run_chain
from tests.curation.sources.archives import http
from tests.hostile.crawl import SENTENCE, SIZE, HostilePage, pages, write_hostile_crawl
from tests.hostile.markup import in_page
from tests.hostile.mutations import mutated_pages

pytestmark = pytest.mark.timeout(600)

PARAGRAPHS = "".join(f"<p>{SENTENCE} It is the mill of page {n}.</p>" for n in range(9))
GOOD = HostilePage("good", http(in_page(body=PARAGRAPHS)))


@pytest.fixture(scope="module")
def chain():
    """Every document stage of the local pipeline, extraction with little patience."""
    config = load_config(locate("local.toml"))
    stages = [config.stage[name] for step in config.step for name in step.stages]
    return open_chain(
        [
            replace(stage, timeout_s=5.0) if stage.name == "extract" else stage
            for stage in stages
            if isinstance(stage, DocumentStage)
        ]
    )


def judged(chain, given, folder):
    """What becomes of pages in a WARC file, in order."""
    path = folder / "hostile.warc.gz"
    path.write_bytes(write_hostile_crawl(given))
    content = CrawlSlices((CrawlSlice(0, str(path)),))
    documents = []
    for batch in batched(read_documents(content, "default", SourceOptions(), Intake())):
        run_chain(chain, batch)
        documents += batch
    return documents


def failures(given, documents):
    return [
        (page.name, document.detail)
        for page, document in zip(given, documents, strict=True)
        if document.reason == ChainError.STAGE_FAILED
    ]


@pytest.mark.slow
def test_every_hostile_page_is_accounted_for_and_the_worker_lives(chain, tmp_path):
    given = [*pages(SIZE), GOOD]
    documents = judged(chain, given, tmp_path)
    assert len(documents) == len(given)
    assert failures(given, documents) == []
    positions = [document.columns["position"] for document in documents]
    assert positions == sorted(set(positions))
    stopped = [d for d in documents if d.decision is not Decision.KEEP]
    assert all(document.stage and document.reason for document in stopped)
    fates = Counter(document.decision for document in documents)
    assert fates[Decision.QUARANTINE] < len(given) / 4
    assert documents[-1].columns["text"].count("The mill by the river") == 9


def test_no_file_of_the_machine_gets_into_a_page(chain, tmp_path):
    given = [page for page in pages(SIZE) if page.name == "markup/outside_entity"]
    (document,) = judged(chain, given, tmp_path)
    assert "root:" not in str(document.columns)


def test_a_bomb_is_quarantined_by_its_size(chain, tmp_path):
    given = [page for page in pages(64) if page.name.startswith("bomb/")]
    documents = judged(chain, given, tmp_path)
    assert [document.reason for document in documents] == ["body_too_large"] * 5


@pytest.mark.slow
def test_pages_damaged_at_random_are_accounted_for(chain, tmp_path):
    given = [
        HostilePage(f"mutated/{number}", http(body))
        for number, body in enumerate(mutated_pages(seed=1, count=200))
    ]
    documents = judged(chain, [*given, GOOD], tmp_path)
    assert len(documents) == len(given) + 1
    assert failures([*given, GOOD], documents) == []
    assert documents[-1].columns["text"]
