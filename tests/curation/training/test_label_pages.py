import hashlib

import pytest
from click.testing import CliRunner

from curation.training.label_pages import main
from curation.training.labelled_pages import read_pages
from curation.training.page_labels import read_labels
from curation.training.text_score import f1_of
from tests.curation.training.labelled import Row, write_folder

BODY = """<html><body><ul class=menu><li><a href=/>首页</a></li><li><a href=/b>地图</a></li></ul>
<h1>山中一日</h1><div class=text><p>早上出门，天还没亮。</p><p>中午在溪边吃饭。</p></div>
<div class=reply><p>写得好！</p></div></body></html>""".encode()
TRUTH = "早上出门，天还没亮。\n中午在溪边吃饭。"


@pytest.fixture
def data(tmp_path):
    row = Row("day", "https://hill.example/1", BODY, "", "", "gne_mit")
    write_folder(tmp_path / "data" / "extraction", {"zh": [row]})
    (tmp_path / "labels").mkdir()
    return tmp_path / "data"


def run(*arguments, exit_code=0):
    result = CliRunner().invoke(main, [str(one) for one in arguments])
    assert result.exit_code == exit_code, result.output
    return result.output


def mark(data, *marks, page_type="article", exit_code=0):
    where = ("--labels", data.parent / "labels")
    return run("mark", data, "day", page_type, *marks, *where, exit_code=exit_code)


def test_blocks_are_shown_with_numbers_links_and_elements(data):
    assert run("show", data, "day").splitlines() == [
        "https://hill.example/1",
        "0 L 首页 <li<ul.menu>",
        "1 L 地图",
        "2 山中一日 <h1>",
        "3 早上出门，天还没亮。 <p<div.text>",
        "4 中午在溪边吃饭。",
        "5 写得好！ <p<div.reply>",
    ]


def test_a_long_block_is_shown_in_part(data):
    assert "3 早上出门 … 没亮。 [10] <" not in run("show", data, "day", "--chars", 10)
    assert "3 早上出门 … 亮。 [10] <p<div.text>" in run("show", data, "day", "--chars", 6)


def test_a_page_that_is_marked_has_a_truth(data):
    mark(data, "title=2", "main=3-4", "comment=5")
    [page] = read_pages(data / "extraction", "zh", data.parent / "labels")
    assert page.truth == TRUTH
    assert (page.truth_kind, page.page_type) == ("annotated", "article")


def test_the_record_says_what_was_labelled_and_by_which_guide(data):
    mark(data, "main=3-4")
    [labels] = read_labels(data.parent / "labels" / "zh.jsonl").values()
    assert labels.body_sha256 == hashlib.sha256(BODY).hexdigest()
    assert (labels.id, labels.source, labels.guide) == ("day", "extraction/zh", 1)
    assert [run.kind for run in labels.runs] == ["navigation", "main", "navigation"]


def test_a_page_that_is_marked_again_has_its_new_labels_alone(data):
    mark(data, "main=3-5")
    mark(data, "main=3-4")
    [page] = read_pages(data / "extraction", "zh", data.parent / "labels")
    assert page.truth == TRUTH


def test_check_says_that_labels_are_whole(data):
    mark(data, "main=3-4", "comment=5")
    output = run("check", data, "--labels", data.parent / "labels")
    assert output == "day: whole; 3 navigation, 2 main, 1 comment\n"


def test_agree_compares_labels_with_the_text_of_others(data):
    (data / "extraction" / "zh" / "gt" / "day.txt").write_text("早上出门，天还没亮。")
    mark(data, "main=3-4")
    lines = run("agree", data, "--labels", data.parent / "labels").splitlines()
    assert lines == ["0.714 day", "0.714 mean of 1 pages"]
    assert f1_of(TRUTH, "早上出门，天还没亮。", "zh") == pytest.approx(2 * 10 / 28)


def test_a_page_that_is_not_there_is_named(data):
    assert "has no page 'night' in 'zh'" in run("show", data, "night", exit_code=2)
