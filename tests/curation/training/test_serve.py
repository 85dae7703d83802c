"""What training prepares is, byte for byte, what the pipeline hands to the stage that will judge."""

import json
from dataclasses import replace
from random import Random

import pyarrow.parquet as pq
import pytest

from conf import locate
from curation.config import load_config
from curation.errors import UsageError
from curation.parts.process import StepWork, process_part
from curation.parts.reader import CrawlSlice, CrawlSlices, Part, StepFile, StepFiles
from curation.run.chain_checks import check_columns
from curation.sample_crawl.archive import DATE, Response, response_record
from curation.training import clutter
from curation.training.documents import as_captured, text_alone
from curation.training.examples import Known, account
from curation.training.extraction import extraction_tools
from curation.training.labelled_pages import FOLDERS, read_pages
from curation.training.serve import serve, stages_before
from schemas.verdict import Decision
from tests.curation.training.labelled import rows, write_folder
from tests.models.texts import CHINESE, ENGLISH, ENGLISH_MENU

pytestmark = pytest.mark.slow

STAGES = ("page_type", "clutter", "quality")
SERVED = ("title", "text", "markup")


@pytest.fixture(scope="module")
def config():
    return load_config(locate("local.toml"))


@pytest.fixture(scope="module")
def made_pages(tmp_path_factory):
    by_language = {language: rows(language) for language in FOLDERS}
    folder = write_folder(tmp_path_factory.mktemp("pages"), by_language)
    return [page for language in FOLDERS for page in read_pages(folder, language)]


def write_warc(path, pages):
    records = [
        response_record(Response(page.url, page.body, content_type="text/html"), Random(n), DATE)
        for n, page in enumerate(pages)
    ]
    path.write_bytes(b"".join(records))
    return str(path)


def write_texts(path, pages):
    lines = [json.dumps({"url": p.url, "text": p.text, "title": p.title}) + "\n" for p in pages]
    path.write_text("".join(lines))
    return str(path)


def given_to(stage, config, crawl, folder):
    """What the pipeline's steps, part by part and file by file, have kept when the stage comes."""
    content = CrawlSlices((CrawlSlice(0, crawl),))
    for number, (step, columns) in enumerate(zip(config.step, check_columns(config), strict=True)):
        names = step.stages[: step.stages.index(stage) if stage in step.stages else None]
        work = StepWork(
            fingerprint=f"{folder} {number}",
            stages=tuple(config.stage[name] for name in names),
            columns=columns,
            folder=str(folder / f"{number}-{step.name}"),
            batch="default",
            source=config.source,
            max_removed_chars=config.max_removed_chars,
        )
        done = process_part(work, Part(0, content), {}, lambda *_: None).result
        kept = done.files[Decision.KEEP]
        file = StepFile(f"{work.folder}/{kept.name}", 0, kept.sha256)
        if stage in step.stages:
            return pq.read_table(file.path, partitioning=None).to_pylist()
        content = StepFiles((file,))
    raise AssertionError(stage)


def prepared(examples):
    """Columns by URL of the examples that the stage will judge."""
    return {
        example.url: {
            "title": example.title,
            "text": example.text,
            "markup": example.markup and example.markup.as_row(),
        }
        for example in examples
        if not example.stopped_by
    }


def check_equal(stage, config, labelled, crawl, folder):
    served = {row["url"]: row for row in given_to(stage, config, crawl, folder)}
    documents = (as_captured(page, "pages") for page in labelled)
    examples = prepared(serve(documents, stages_before(config, stage), config))
    assert len(examples) > len(labelled) / 2
    assert examples == {url: {name: row[name] for name in SERVED} for url, row in served.items()}
    return list(served.values())


@pytest.mark.parametrize("stage", STAGES)
def test_an_example_is_what_the_pipeline_hands_to_the_stage(stage, made_pages, config, tmp_path):
    crawl = write_warc(tmp_path / "crawl.warc.gz", [labelled.page for labelled in made_pages])
    served = check_equal(stage, config, made_pages, crawl, tmp_path)
    assert any("[email address]" in row["text"] for row in served)


def test_an_example_of_a_real_page_is_what_the_pipeline_hands_on(real_data, config, tmp_path):
    folder = real_data / "extraction"
    steps = {"en": 50, "zh": 5}
    pages = [page for name in FOLDERS for page in list(read_pages(folder, name))[:: steps[name]]]
    crawl = write_warc(tmp_path / "crawl.warc.gz", [labelled.page for labelled in pages])
    check_equal("quality", config, pages, crawl, tmp_path)


def test_what_is_made_of_pages_is_what_a_source_of_such_texts_gives(made_pages, config, tmp_path):
    tools = extraction_tools(config)
    known = Known("votes", "en", "votes")
    documents = [
        *(text_alone(text, str(n), known) for n, text in enumerate((ENGLISH, CHINESE))),
        *(e for page in made_pages if page.truth for e in clutter.made_of(page, tools)),
    ]
    documents = [
        replace(document, page=replace(document.page, url=f"http://made.example/{n}"))
        for n, document in enumerate(e for e in documents if e.page.text)
    ]
    crawl = write_texts(tmp_path / "crawl.jsonl", [document.page for document in documents])
    served = {row["url"]: row for row in given_to("clutter", config, crawl, tmp_path)}
    examples = prepared(serve(documents, stages_before(config, "clutter"), config))
    assert len(examples) > 10
    assert examples == {url: {name: row[name] for name in SERVED} for url, row in served.items()}


def test_the_stages_are_those_of_the_pipeline_in_their_order(config):
    names = [stage.name for stage in stages_before(config, "quality")]
    assert names == [
        *("url_filter", "extract", "language", "identity", "line_dedup", "rules", "privacy"),
        *("fuzzy_dedup", "page_type", "clutter"),
    ]
    assert stages_before(config, "quality")[1] is config.stage["extract"]


def test_a_stage_that_the_pipeline_does_not_run_is_named(config):
    with pytest.raises(UsageError, match="local: runs no stage 'mood'; its stages: url_filter, "):
        stages_before(config, "mood")


def test_a_page_that_is_stopped_has_no_text_and_says_by_what(made_pages, config):
    first = made_pages[0]
    notice = b"<html><body><p>The market hall is closed for the week of the fair.</p></body></html>"
    short = replace(first, page=replace(first.page, doc_id="short", body=notice))
    documents = [as_captured(page, page.page_type) for page in (*made_pages, short)]
    examples = list(serve(documents, stages_before(config, "quality"), config))
    assert [example.id for example in examples] == [*(page.id for page in made_pages), "short"]
    assert (examples[-1].stopped_by, examples[-1].text) == ("rules/text_too_short", "")
    assert account(examples)["article"] == {"reached": 6, "rules/text_too_short": 1}


def test_a_text_goes_on_past_the_stage_that_would_have_removed_it(config):
    known = Known("menus", "en", "menus")
    text = ENGLISH_MENU + "\nWrite to the editor: someone@site.org"
    [example] = serve([text_alone(text, "a", known)], stages_before(config, "clutter"), config)
    assert example.stopped_by.startswith("rules/")
    assert example.text.startswith("Home\nAbout us")
    assert example.text.endswith("Write to the editor: [email address]")  # after the rules
