"""The whole pipeline on the sample crawl, as a user starts it, and all that looks at its run.

The run is a process of its own; commands upon it are asked in this one.
"""

import json
import re
from collections import Counter
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from curation.inspect.agreement import agreement_of, read_expected
from curation.inspect.run_files import load_run
from curation.inspect.sites import rank_sites
from curation.inspect.step_summaries import step_summary
from curation.sample_crawl import TRUTH, write_sample_crawl
from curation.sample_crawl.kinds import KINDS
from curation.storage import ledger, manifest
from schemas.verdict import Decision
from tests.commands import curate, output
from tests.curation.inspect.report.browsers import CHROMIUM, picture_folder
from tests.shown_commands import commands_to_run, folder_for, lay_out, runs_to_plan, typed
from tests.whole_runs import LOCAL, judged, product_digests, run

pytestmark = [pytest.mark.spark, pytest.mark.timeout(1800)]

README = (Path(__file__).parents[1] / "README.md").read_text("utf-8")
DOCS = Path(__file__).parents[1] / "docs"
SCREEN = {"width": 1280, "height": 860}
PAGES = 900  # enough for a line that more than 200 of them share
MIN_AGREEMENT = 0.98
SURE_KINDS = {  # no model's weights decide about them
    *("exact_duplicate", "near_duplicate", "blocked_host", "not_found", "redirect", "not_html"),
    *("empty_body", "hanging", "damaged", "truncated"),
    *("lorem_ipsum", "keyword_spam", "code_diff", "navigation_dump", "template_remains", "teasers"),
}


@pytest.fixture(scope="module")
def place(tmp_path_factory):
    """The folder that the tutorial is typed in."""
    return tmp_path_factory.mktemp("place")


@pytest.fixture(scope="module")
def crawl(place):
    return write_sample_crawl(place / "sample", seed=1, pages=PAGES)


@pytest.fixture(scope="module")
def sample_run(crawl, place):
    root = place / "runs" / "sample"
    ran = run(crawl, root, "local[2,4]", options=["--truth", crawl[0].parent / TRUTH])
    return root / "local" / "default", ran


def rows_of(step, decision, columns):
    for _, file in step.manifest.files(decision):
        table = pq.read_table(f"{step.folder}/{file.name}", columns=columns, partitioning=None)
        yield from table.to_pylist()


def test_every_page_of_the_sample_crawl_is_accounted_for(sample_run):
    batch, _ = sample_run
    steps = judged(batch)
    before = None
    for step in steps:
        ledger.check(step.manifest, before)
        before = step.manifest
    ends = sum(step.manifest.remove + step.manifest.quarantine for step in steps)
    assert steps[0].manifest.rows_in == ends + steps[-1].manifest.keep


def test_pages_of_each_kind_end_where_they_should(sample_run, crawl):
    batch, ran = sample_run
    expected = read_expected(str(crawl[0].parent / TRUTH))
    agreement = agreement_of(load_run(str(batch)), expected)
    assert judged(batch)[0].manifest.rows_in == len(expected)
    others = "\n".join(
        f"{one.expected.kind} {one.expected.url}: expected {one.wanted}, was {one.found}"
        for one in agreement.differing
    )
    assert agreement.share >= MIN_AGREEMENT, f"{agreement}; the others:\n{others}"
    assert "not in the run" not in others
    rows = {row.kind: row for row in agreement.by_kind()}
    assert set(rows) == set(KINDS)
    assert not [kind for kind in SURE_KINDS if rows[kind].others], others
    assert not [kind for kind, row in rows.items() if row.agreed <= row.pages / 2], others
    assert str(agreement) in ran.stdout
    assert str(agreement) in (batch / "report.html").read_text()


def test_the_report_is_written_again_with_the_verdicts_expected(sample_run, crawl, tmp_path):
    batch, _ = sample_run
    page = tmp_path / "report.html"
    options = ["--root", batch.parents[1], "--out", page]
    output("report", *options)
    assert '"agreement":null' in page.read_text().replace(" ", "")
    shown = output("report", *options, "--truth", crawl[0].parent / TRUTH)
    assert '"agreement":{' in page.read_text().replace(" ", "")
    assert "ended as expected" in shown
    assert curate("report", *options, "--truth", tmp_path / "none.jsonl").exit_code == 2


def test_a_line_that_too_many_pages_share_is_cut_from_the_further_ones(sample_run):
    batch, _ = sample_run
    cuts = Counter(
        edit["text"]
        for row in rows_of(judged(batch)[2], Decision.KEEP, ["edits"])
        for edit in row["edits"]
        if edit["stage"] == "line_dedup"
    )
    assert cuts
    assert len(cuts) <= 2  # the subscription line of each language


def test_the_run_ends_with_the_funnel_and_where_everything_lies(sample_run):
    batch, ran = sample_run
    for words in ("Funnel", "kept +", "export:", "pack:", "report:"):
        assert words in ran.stdout
    report = (batch / "report.html").read_text()
    assert "What became of the pages" in report
    assert "Content-Security-Policy" in report


@pytest.fixture(scope="module")
def typed_in(sample_run, place, tmp_path_factory):
    """The folders in which commands of the tutorial, and those of other pages, can be typed."""
    other = tmp_path_factory.mktemp("pages") / "other"
    lay_out(place, other, LOCAL.parent)
    return place, other


@pytest.mark.slow
@pytest.mark.usefixtures("tests_own_session")
@pytest.mark.parametrize("words", commands_to_run(), ids=" ".join)
def test_a_command_that_a_page_shows_runs_on_the_sample_crawl(
    typed_in, monkeypatch, tmp_path, words
):
    monkeypatch.chdir(folder_for(words, *typed_in, tmp_path))
    assert output(*typed(words)).strip()


@pytest.mark.parametrize("words", runs_to_plan(), ids=" ".join)
def test_a_run_that_a_page_shows_can_be_planned(typed_in, monkeypatch, words):
    monkeypatch.chdir(typed_in["sample" not in words])
    assert "to run" in output("plan", *words[2:])


@pytest.mark.parametrize("page", ["tutorial.md", "look_at_a_run.ipynb"])
def test_the_code_of_the_tutorial_and_of_the_notebook_runs(typed_in, monkeypatch, page):
    monkeypatch.chdir(typed_in[0])
    names = {}
    for code in code_of(DOCS / page):
        exec(code, names)
    assert names["run"].funnel().num_rows


def code_of(page):
    if page.suffix == ".ipynb":
        cells = json.loads(page.read_text("utf-8"))["cells"]
        return ["".join(cell["source"]) for cell in cells if cell["cell_type"] == "code"]
    return re.findall(r"```python\n(.*?)```", page.read_text("utf-8"), re.DOTALL)


def test_the_first_screen_of_the_report_is_the_picture_in_the_tutorial(sample_run, tmp_path):
    """``REPORT_SCREENSHOTS=docs/images`` makes that picture anew."""
    playwright = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
    if not CHROMIUM:
        pytest.skip("no Chromium on this machine")
    made = picture_folder(tmp_path) / "report.png"
    with playwright.sync_playwright() as started:
        browser = started.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        page = browser.new_page(viewport=SCREEN)
        page.goto((sample_run[0] / "report.html").as_uri())
        page.wait_for_selector(".funnel li")
        page.screenshot(path=made)
        browser.close()
    sizes = [path.read_bytes()[16:24] for path in (made, DOCS / "images" / "report.png")]
    assert sizes[0] == sizes[1]  # width and height, in a PNG's head


def test_ten_lines_of_python_judge_texts_and_pages_and_open_the_run(sample_run, place, monkeypatch):
    [code] = re.findall(r"```python\n(.*?)```", README, re.DOTALL)
    batch, _ = sample_run
    monkeypatch.chdir(place)
    names = {}
    exec(code, names)
    assert names["judged"].num_rows == 50
    assert {"keep", "remove"} <= set(names["judged"]["decision"].to_pylist())
    steps = [step.manifest for step in judged(batch)]
    assert names["removed"].num_rows == sum(done.remove for done in steps)
    assert names["shards"].num_rows >= steps[-1].keep > 0


def test_a_second_start_does_nothing_again(sample_run, crawl):
    batch, _ = sample_run
    before = product_digests(batch)
    ran = curate("run", LOCAL, *crawl, "--root", batch.parents[1])
    assert ran.exit_code == 0
    steps = [line for line in ran.stderr.splitlines() if " in " in line and " kept" in line]
    assert steps
    assert all("done before" in line for line in steps)
    assert product_digests(batch) == before


def test_the_plan_of_a_run_that_is_done_says_so(sample_run, crawl):
    batch, _ = sample_run
    plan = output("plan", LOCAL, *crawl, "--root", batch.parents[1])
    assert plan.count("done") == len(load_run(str(batch)))
    assert "to run" not in plan


@pytest.mark.slow
@pytest.mark.usefixtures("tests_own_session")
def test_one_stage_is_run_again_on_what_it_was_given(sample_run):
    batch, _ = sample_run
    account = output("stage", "rules", LOCAL, "--root", batch.parents[1])
    reasons = judged(batch)[2].manifest.reasons
    rules = sum(found.rows for found in reasons if found.stage == "rules")
    assert f"{rules:,}" in account
    [trial] = batch.glob("trial-rules-*")
    assert manifest.load(str(trial)).keep == judged(batch)[2].manifest.keep


@pytest.mark.usefixtures("tests_own_session")
def test_shards_are_packed_again_in_another_length(sample_run):
    batch, _ = sample_run
    before = len(list(batch.glob("09-pack-*")))
    output("pack", LOCAL, "--root", batch.parents[1], "--sequence-length", 1024)
    packs = [json.loads(path.read_text()) for path in batch.glob("09-pack-*/manifest.json")]
    assert len(packs) == before + 1
    assert len({pack["figures"]["tokens"] for pack in packs}) == 1
    assert len({pack["figures"]["sequences"] for pack in packs}) == 2


def test_why_tells_of_a_kept_a_removed_and_a_quarantined_page(sample_run):
    batch, _ = sample_run
    chosen = {}
    for step in judged(batch):
        for decision in Decision:
            for row in rows_of(step, decision, ["doc_id"]):
                chosen[decision] = row["doc_id"]
    for decision, words in (
        ("keep", "exported: row"),
        ("remove", "removed by"),
        ("quarantine", "quarantined by"),
    ):
        assert words in output("why", chosen[decision], "--root", batch.parents[1])


def test_the_sites_of_a_run_hold_all_its_pages(sample_run, tmp_path):
    batch, _ = sample_run
    ranking = rank_sites([step_summary(step) for step in judged(batch)], 1000)
    assert ranking.pages == judged(batch)[0].manifest.rows_in
    assert sum(site.kept.pages for site in ranking.sites) == judged(batch)[-1].manifest.keep
    csv = tmp_path / "sites.csv"
    assert "3 of " in output("sites", "--root", batch.parents[1], "--top", 3, "--out", csv)
    assert len(csv.read_text().splitlines()) == 4
    assert "Sites" in (batch / "report.html").read_text()
