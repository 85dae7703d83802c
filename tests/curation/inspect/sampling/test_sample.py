"""Samples are of the documents that are meant, the same ones whatever the parts."""

import json
import unicodedata

import pytest

from curation.errors import UsageError
from curation.inspect.run_files import load_run
from curation.inspect.sampling.sample import draw_sample
from curation.inspect.sampling.selection import Selection, parse_range
from curation.inspect.sampling.shown import html_page, json_lines, terminal_pieces
from schemas.verdict import Decision
from tests.commands import curate, message
from tests.curation.inspect.made_runs import make_run, page
from tests.curation.inspect.stages_of_numbers import Even, Scored

LENGTHS = {n: n * 37 % 211 for n in range(200)}
PAGES = [page(n, "x" * length) for n, length in LENGTHS.items()]
STEPS = [("first", [Scored(), Even()])]
HOSTILE = "\x1b]0;title\x07\x1b[2J\x9b31m\u202e\u2028<script>alert(1)</script>\0[red]"


@pytest.fixture(scope="module")
def steps(tmp_path_factory):
    return load_run(make_run(tmp_path_factory.mktemp("runs"), PAGES, STEPS))


def ids(steps, wanted, size=1000, seed=0):
    return {one.row["doc_id"] for one in draw_sample(steps, wanted, size, seed).documents()}


def score(length):
    return length % 100 / 100


def expected(fits):
    return {PAGES[n]["doc_id"] for n, length in LENGTHS.items() if fits(n, length)}


def is_low(length):
    return score(length) < 0.3


def is_odd(length):
    return not is_low(length) and score(length) != 0.99 and length % 2 == 1


@pytest.mark.parametrize(
    ("wanted", "fits"),
    [
        (Selection(), lambda n, length: True),
        (Selection(stage="scored"), lambda n, length: is_low(length) or score(length) == 0.99),
        (Selection(stage="even"), lambda n, length: is_odd(length)),
        (Selection(reason="odd_length"), lambda n, length: is_odd(length)),
        (
            Selection(decision=Decision.KEEP),
            lambda n, length: not (is_low(length) or is_odd(length) or score(length) == 0.99),
        ),
        (
            Selection(stage="scored", decision=Decision.KEEP),
            lambda n, length: not (is_low(length) or score(length) == 0.99),
        ),
        (
            Selection(stage="scored", decision=Decision.QUARANTINE),
            lambda n, length: score(length) == 0.99,
        ),
        (
            Selection(stage="scored", score=parse_range("0.25..0.35")),
            lambda n, length: 0.25 <= score(length) <= 0.35,
        ),
        (Selection(score=parse_range("score=0.9..")), lambda n, length: score(length) >= 0.9),
        (Selection(language="en"), lambda n, length: score(length) > 0.5),
        (Selection(site="SITE-3.example"), lambda n, length: n % 7 == 3),
        (Selection(site="www.site-3.example"), lambda n, length: n % 7 == 3),
        (
            Selection(stage="scored", reason="too_low", language="zh", site="site-1.example"),
            lambda n, length: is_low(length) and n % 7 == 1,
        ),
    ],
)
def test_a_selection_is_what_it_says(steps, wanted, fits):
    assert expected(fits)
    assert ids(steps, wanted) == expected(fits)


def test_a_sample_does_not_depend_on_parts_and_another_seed_draws_another(tmp_path, steps):
    other = load_run(make_run(tmp_path, PAGES, STEPS, parts=11))
    drawn = [ids(run, Selection(), size=12) for run in (steps, other)]
    assert drawn[0] == drawn[1]
    assert len(drawn[0]) == 12
    assert ids(steps, Selection(), size=12, seed=1) != drawn[0]
    assert ids(steps, Selection(), size=5) < drawn[0]


def test_how_many_are_meant_is_told(steps):
    found = draw_sample(steps, Selection(stage="even"), 3, 0)
    assert found.meant == sum(map(is_odd, LENGTHS.values()))
    assert len(found.drawn) == 3


@pytest.mark.parametrize(
    ("wanted", "fault"),
    [
        (Selection(stage="evn"), "--stage evn: the run has none; it has source, scored, even"),
        (Selection(reason="nope"), "it has odd_length, too_low, unreadable"),
        (Selection(stage="even", score=parse_range("1..2")), "name the measure"),
        (Selection(score=parse_range("text=1..2")), "text is no number"),
    ],
)
def test_what_the_run_does_not_have_is_refused_with_what_it_has(steps, wanted, fault):
    with pytest.raises(UsageError, match=fault.replace("(", r"\(")):
        draw_sample(steps, wanted, 1, 0)


@pytest.mark.parametrize("text", ["0.2", "a=..b", "2..1", "=1..2", "nan..1"])
def test_a_range_that_is_none_is_refused(text):
    with pytest.raises(UsageError, match="--score"):
        parse_range(text)


@pytest.fixture(scope="module")
def hostile(tmp_path_factory):
    rows = [page(n, HOSTILE * 3 + "价格" * 80, title=HOSTILE, url=HOSTILE) for n in range(2)]
    steps = load_run(make_run(tmp_path_factory.mktemp("hostile"), rows, STEPS))
    return draw_sample(steps, Selection(), 5, 0)


def test_a_sample_says_nothing_to_the_terminal_and_fits_its_width(hostile):
    from rich.cells import cell_len

    text = "".join(terminal_pieces(hostile, width=40, colour=False, max_chars=500))
    assert "[red]" in text
    for line in text.split("\n"):
        assert all(unicodedata.category(one)[0] != "C" for one in line), line
        assert cell_len(line) <= 40, line


def test_colours_are_the_only_escapes(hostile):
    import re

    text = "".join(terminal_pieces(hostile, width=40, colour=True, max_chars=500))
    assert "\x1b[" in text
    left = re.sub(r"\x1b\[[\d;]*m", "", text)
    assert "\x1b" not in left


def test_the_page_of_a_sample_has_no_script_and_loads_nothing(hostile):
    text = "".join(html_page(hostile, HOSTILE, 500))
    assert "<script" not in text
    assert "&lt;script&gt;" in text
    assert "default-src 'none'" in text
    assert not {"\x1b", "\u202e", "\0"} & set(text)


def test_json_lines_are_the_whole_rows(steps):
    found = draw_sample(steps, Selection(stage="even"), 1000, 0)
    rows = [json.loads(line) for line in json_lines(found, ascii_only=True)]
    assert {row["doc_id"] for row in rows} == ids(steps, Selection(stage="even"))
    assert {(row["decision"], row["reason"]) for row in rows} == {("remove", "odd_length")}
    texts = {row["doc_id"]: row["text"] for row in PAGES}
    assert all(row["text"] == texts[row["doc_id"]] for row in rows)


def test_the_command_writes_what_its_suffix_says(tmp_path):
    make_run(tmp_path / "runs", PAGES, STEPS)
    asked = ("sample", "--root", tmp_path / "runs", "--stage", "scored", "-n", 3)
    shown = curate(*asked)
    assert shown.exit_code == 0
    assert "removed by scored: too_low" in shown.stdout
    assert "score" in shown.stdout
    assert "min_score 0.3" in shown.stdout
    for name in ("a.jsonl", "a.html"):
        assert curate(*asked, "--out", tmp_path / name).exit_code == 0
    assert len((tmp_path / "a.jsonl").read_text().splitlines()) == 3
    assert (tmp_path / "a.html").read_text().startswith("<!doctype html>")
    ran = curate(*asked, "--out", tmp_path / "a.txt")
    assert ran.exit_code == 2
    assert "must end in .jsonl or .html" in message(ran)
