from enum import StrEnum

from curation import storage
from curation.batches.run_record import RunRecord
from curation.inspect.report import render
from curation.parts.writer import PartWriter
from curation.storage.manifest import Manifest
from curation.storage.stage_description import StageDescription
from schemas.document import SOURCE_COLUMNS
from schemas.expected import ExpectedPage
from schemas.verdict import Decision, Edit, keep, remove
from stages.chain import Document

HOSTILE = "</pre><script>alert(1)</script><img src=x onerror=alert(2)>{{ 7*7 }}"


class Fault(StrEnum):
    BAD = "<b>bad</b>"


def make_run(folder, cut=None):
    step = storage.join(str(folder), "01-prepare-abc")
    columns = {"doc_id": "1", "url": f"javascript:{HOSTILE}", "position": 1, "text": HOSTILE}
    kept, gone = Document(dict(columns)), Document(dict(columns))
    gone.apply("rules", remove(Fault.BAD, HOSTILE))
    if cut:
        kept.apply("line_dedup", keep({"text": HOSTILE}, [Edit(n, cut, Fault.BAD) for n in (0, 9)]))
    with PartWriter(SOURCE_COLUMNS, step, 0, 1000) as writer:
        writer.write([kept, gone])
        part = writer.finish({})
    Manifest(
        "prepare",
        1,
        "abc",
        (StageDescription("rules", 1, {}, {}),),
        2,
        1,
        1,
        0,
        part.reasons,
        {HOSTILE: 1},
        0.1,
        (part,),
    ).save(step)
    RunRecord(0, {}, (), ("01-prepare-abc",), {}, {}).save(str(folder))


def test_nothing_of_a_hostile_page_is_markup_in_the_report(tmp_path):
    make_run(tmp_path)
    html = render(str(tmp_path))
    assert "<script" not in html
    assert "<img" not in html
    assert "href" not in html
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in html
    assert "{{ 7*7 }}" in html


def test_the_report_forbids_everything_but_its_own_style(tmp_path):
    make_run(tmp_path)
    html = render(str(tmp_path))
    assert "default-src 'none'; style-src 'sha256-" in html
    assert "http-equiv" in html


def test_the_report_shows_the_lines_that_were_cut_and_from_which_pages(tmp_path):
    make_run(tmp_path, cut="Subscribe now")
    html = render(str(tmp_path))
    assert "<b>line_dedup: &lt;b&gt;bad&lt;/b&gt;</b> (2 lines)" in html
    assert "<del>Subscribe now</del>" in html
    make_run(tmp_path)
    assert "line_dedup" not in render(str(tmp_path))


def test_the_report_shows_which_pages_ended_otherwise_than_expected(tmp_path):
    make_run(tmp_path)
    url = f"javascript:{HOSTILE}"
    pages = [
        ExpectedPage(url, Decision.KEEP, kind="good"),
        ExpectedPage(url, Decision.REMOVE, "rules", kind="bad"),
        ExpectedPage("http://a.example/", Decision.KEEP, kind=HOSTILE),
    ]
    assert "Expected against actual" not in render(str(tmp_path))
    html = render(str(tmp_path), pages)
    assert "Expected against actual" in html
    assert "not in the run" in html
    assert "<script" not in html
    assert "<img" not in html
