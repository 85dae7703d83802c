from dataclasses import replace

from curation.training import quality
from curation.training.labelled_pages import read_pages
from stages.extract import load_tools
from tests.curation.training.labelled import rows, write_folder


def kinds_of(page):
    return {document.known.kind for document in quality.of_page(page, 0, load_tools())}


def test_a_text_that_labels_of_blocks_give_is_no_example_of_a_good_one(tmp_path):
    page, *_ = read_pages(write_folder(tmp_path, {"zh": rows("zh")}), "zh")
    assert "page texts" in kinds_of(page)
    assert not kinds_of(replace(page, truth_kind="annotated"))


def test_a_list_that_is_labelled_is_still_an_example_of_a_bad_one(tmp_path):
    *_, page, _ = read_pages(write_folder(tmp_path, {"zh": rows("zh")}), "zh")
    labelled = replace(page, truth="新闻一\n新闻二", truth_kind="annotated")
    assert kinds_of(labelled) == {"list pages"}
