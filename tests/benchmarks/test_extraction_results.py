import json
from dataclasses import replace
from gzip import compress

import pytest

from benchmarks.extraction import choose_tools
from benchmarks.extraction_compare import interval, pair, table
from benchmarks.extraction_measures import Measures
from benchmarks.extraction_pages import read_known_pages, year_of
from benchmarks.extraction_report import confidence_table, group_table, measure_table, print_worst
from benchmarks.extraction_results import (
    PageResult,
    ToolResult,
    open_results,
    read_results,
    score_page,
    write_result,
)
from benchmarks.extraction_texts import BlockKind
from benchmarks.extraction_tools import timed

MEASURES = Measures(0.5, 0.4, 0.6, 0.5, kept={BlockKind.CODE_LINE: 1.0}, leaked={})


def page(name, f1, site="a.example", kind="article"):
    measures = Measures(f1, f1, f1, f1)
    tools = {"ours": ToolResult(measures, None, 0.1)}
    return PageResult(name, site, "en", kind, kind, "unknown", is_held_out=False, tools=tools)


def write(path, results):
    with open_results(path) as file:
        for result in results:
            write_result(result, file)


def test_results_are_read_as_they_were_written(tmp_path):
    tools = {"ours": ToolResult(MEASURES, 0.9, 0.1), "peer": ToolResult(MEASURES, None, 0.2)}
    results = [
        PageResult("一", "a.example", "zh", "human", "", "unknown", True, tools),
        page("b", 1.0),
    ]
    write(tmp_path / "out.jsonl", results)
    assert read_results(tmp_path / "out.jsonl") == results


def test_results_of_another_version_are_refused_with_file_and_line(tmp_path):
    (tmp_path / "out.jsonl").write_text('{"version": 0}\n')
    with pytest.raises(ValueError, match=r"out\.jsonl, line 1: version"):
        read_results(tmp_path / "out.jsonl")


def test_without_a_path_nothing_is_written():
    with open_results(None) as file:
        write_result(page("a", 1.0), file)
    assert file is None


@pytest.fixture
def known(tmp_path):
    folder = tmp_path / "zh_blogs"
    for name in ("html", "gt"):
        (folder / name).mkdir(parents=True)
    row = {"id": "a", "url": "http://a.example/2019/06/b", "page_type": "", "gt_kind": "selector"}
    empty = {**row, "id": "empty"}
    lines = [json.dumps({**one, "source": "s", "site": "blog of a"}) for one in (row, empty)]
    (folder / "manifest.jsonl").write_text("\n".join(lines))
    for name in ("a", "empty"):
        html = "<html><body><p>水车灌溉农田</p></body></html>".encode()
        (folder / "html" / f"{name}.html.gz").write_bytes(compress(html))
    (folder / "gt" / "a.txt").write_text("水车灌溉")
    (folder / "gt" / "empty.txt").write_text(" \n")
    return list(read_known_pages(tmp_path, "zh_blogs"))


def test_pages_of_blogs_are_chinese_held_out_and_of_the_site_that_is_named(known):
    [one] = known
    assert (one.labelled.language, one.truth.language) == ("zh", "zh")
    assert one.is_held_out
    assert (one.site, one.kind, one.age) == ("blog of a", "selector", "2010-2019")


def test_every_tool_is_scored_on_the_page(known):
    tools = {"ours": timed(lambda *_: "水车灌溉"), "peer": timed(lambda *_: None)}
    result = score_page(known[0], tools)
    assert [result.value(name, "f1") for name in tools] == [1, 0]
    assert result.value("other", "f1") is None


def test_a_date_counts_before_the_address():
    assert year_of("http://a.example/2019/06/b", "2005-03-21") == 2005
    assert year_of("http://a.example/2019/06/b", "UNKNOWN") == 2019


def test_an_address_has_a_year_where_a_month_follows():
    assert year_of("http://money.163.com/15/0702/05/A.html") == 2015
    assert year_of("http://a.example/20050321.html") == 2005
    assert year_of("http://a.example/item/20191234567") is None
    assert year_of("http://a.example/2019/") is None


def test_means_are_over_the_pages_that_have_the_measure():
    results = [page("a", 1.0), page("b", 0.0), page("c", 0.4)]
    with_code = ToolResult(MEASURES, None, 0.1)
    results.append(PageResult("d", "b", "en", "forum", "forum", "", False, {"ours": with_code}))
    head, _, row = measure_table(results)
    cells = dict(zip(head.split(" | "), row.split(" | "), strict=True))
    assert cells["kept code line (1)"] == "1.000"
    assert cells["f1"] == "0.475"
    assert cells["under 0.5"] == "2"
    assert cells["at zero"] == "1"


def test_pages_held_out_are_never_listed(capsys):
    results = [page("seen", 0.5), replace(page("unseen", 0.1), is_held_out=True), page("c", 0.9)]
    print_worst(results, 2)
    listed = capsys.readouterr().out.splitlines()
    assert [line.split()[:2] for line in listed] == [["0.500", "seen"], ["0.900", "c"]]


def test_one_tool_may_be_asked_alone():
    tools = {"ours": timed(lambda *_: ""), "peer": timed(lambda *_: "")}
    assert list(choose_tools(tools, ["peer"])) == ["peer"]
    assert list(choose_tools(tools, None)) == ["ours", "peer"]
    with pytest.raises(SystemExit, match="'other' is no tool; there are ours, peer"):
        choose_tools(tools, ["other"])


def test_a_confidence_is_weighed_against_what_it_says_of_the_worst_pages():
    def sure(name, confidence, f1):
        tools = {
            "ours": ToolResult(Measures(f1, f1, f1, f1), confidence, 0.1),
            "peer": ToolResult(Measures(1, 1, 1, 1), None, 0.1),
        }
        return replace(page(name, f1), tools=tools)

    results = [sure("low", 0.25, 0.5), *(sure(str(number), 1.0, 0.75) for number in range(9))]
    assert confidence_table(results)[2:] == ["| ours | 0.925 | 0.725 | 0.250 | 0.500 | 0.750 |"]
    assert confidence_table([page(str(number), 1.0) for number in range(10)]) == []


def test_sites_of_few_pages_share_a_row():
    results = [page(str(n), 1.0, site="big") for n in range(3)] + [page("x", 0.5, site="small")]
    assert group_table(results, "site")[2:] == [
        "| big | 3 | 1.000 |",
        "| 1 others | 1 | 0.500 |",
    ]


def test_pages_are_paired_by_name_and_those_of_one_run_left_out():
    before, after = [page("a", 0.5), page("b", 0.5)], [page("c", 1.0), page("a", 0.75)]
    [change] = pair(before, after, ("ours", "ours"), "f1")
    assert (change.page.id, change.difference) == ("a", 0.25)


def test_gains_and_losses_are_counted_by_kind():
    before = [page("a", 0.5), page("b", 0.5), page("c", 0.5, kind="forum")]
    after = [page("a", 0.75), page("b", 0.25), page("c", 0.53, kind="forum")]
    rows = table(pair(before, after, ("ours", "ours"), "f1"))[2:]
    assert [row.split(" | ")[1:3] + row.split(" | ")[5:] for row in rows] == [
        ["all", "3", "1", "1 |"],
        ["article", "2", "1", "1 |"],
        ["forum", "1", "0", "0 |"],
    ]


def test_the_interval_draws_sites_not_pages():
    """One site has all of the gain: whether it is drawn decides, however many pages it has."""
    before = [page(str(n), 0.0, site="a" if n < 50 else "b") for n in range(100)]
    after = [page(str(n), float(n < 50), site="a" if n < 50 else "b") for n in range(100)]
    assert interval(pair(before, after, ("ours", "ours"), "f1")) == (0, 1)


def test_the_interval_of_a_change_that_all_sites_share_is_that_change():
    before = [page(str(n), 0.25, site=str(n)) for n in range(20)]
    after = [page(str(n), 0.5, site=str(n)) for n in range(20)]
    assert interval(pair(before, after, ("ours", "ours"), "f1")) == (0.25, 0.25)
