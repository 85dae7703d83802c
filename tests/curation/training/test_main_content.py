"""The tree and title that the main-content model is trained on are those it will be asked about."""

from dataclasses import replace

import numpy as np
import pytest

from conf import locate
from curation.config import load_config
from curation.training import main_text_examples
from curation.training.extraction import extraction_tools
from curation.training.labelled_pages import read_pages
from curation.training.main_text_examples import Learnt, example_of, train_on
from models.main_content import MainContent
from models.main_content.fit import make_example
from models.main_content.main_text import MainText
from stages.extract.extraction import UndecodedPage
from tests.curation.training.labelled import rows, write_folder

WIKI = """<!DOCTYPE html><html><head><meta charset="gb2312"><title>奥尔登桥 - 维基百科</title>
</head><body><h1 id="firstHeading">奥尔登桥</h1><div class="navbox"><p>本地区的桥梁列表，
站点规则在读取正文之前就会删除它。</p></div><p>奥尔登桥是一座石桥，建于一九三一年，横跨奥尔登河。</p>
</body></html>""".encode("gb2312")
FRENCH = (
    "<p>Les habitants de la vallée ont fêté hier le retour du marché sur la place du village.</p>"
)


@pytest.fixture(scope="module")
def stage():
    return load_config(locate("local.toml")).stage["extract"]


@pytest.fixture(scope="module")
def tools():
    return extraction_tools(load_config(locate("local.toml")))


@pytest.fixture(scope="module")
def pages(tmp_path_factory):
    by_language = {language: rows(language) for language in ("en", "zh")}
    folder = write_folder(tmp_path_factory.mktemp("pages"), by_language)
    found = [page for language in by_language for page in read_pages(folder, language)]
    wiki = replace(found[0].page, url="https://zh.wikipedia.org/wiki/Aldon", body=WIKI)
    claimed = replace(found[0].page, body="<p>Das Café am Fluß is open.".encode("cp1252"))
    return [
        *found,
        replace(found[0], page=wiki, language="zh"),
        replace(found[0], page=replace(claimed, http_charset="windows-1252")),
    ]


def served(page, stage, monkeypatch):
    """What the model is asked when the stage judges the page."""
    asked = []
    monkeypatch.setattr(
        MainContent, "find", lambda _, page, title: asked.append((page, title)) or MainText()
    )
    run = stage.open_extractor()
    asked.clear()
    run(UndecodedPage(page.body, page.url, page.http_charset, is_plain_text=False))
    return asked


def same(example, other):
    if example is None or other is None:
        return example is other
    return (
        np.array_equal(example.features, other.features)
        and np.array_equal(example.label, other.label, equal_nan=True)
        and example.importance == other.importance
    )


def example_as_served(page, stage, monkeypatch):
    asked = served(page.page, stage, monkeypatch)
    weight = main_text_examples.IMPORTANCE[page.language]
    return make_example(*asked[0], page.truth, page.site, weight) if asked else None


def test_an_example_is_what_the_model_is_asked_in_a_pipeline(pages, stage, tools, monkeypatch):
    for page in pages:
        example = main_text_examples.example_of(page, tools)
        assert example is not None
        assert same(example, example_as_served(page, stage, monkeypatch))


@pytest.mark.slow
def test_an_example_is_what_the_model_is_asked_of_real_pages(real_data, stage, tools, monkeypatch):
    for language, step in (("en", 60), ("zh", 6)):
        for page in list(read_pages(real_data / "extraction", language))[::step]:
            expected = example_as_served(page, stage, monkeypatch)
            assert same(main_text_examples.example_of(page, tools), expected)


def test_what_a_site_rule_drops_is_not_learnt_from(pages, tools):
    wiki = next(page for page in pages if "wikipedia" in page.page.url)
    example = main_text_examples.example_of(wiki, tools)
    assert len(example.label) == 2


def test_a_page_that_the_model_is_not_asked_about_gives_no_example(pages, tools):
    french = replace(pages[0], page=replace(pages[0].page, body=FRENCH.encode() * 9))
    body = b'<div id="mw-content-text"><div class="mw-parser-output"><p>The body.</p></div></div>'
    named = replace(pages[0].page, url="https://en.wikipedia.org/wiki/Aldon", body=body)
    assert main_text_examples.example_of(french, tools) is None
    assert main_text_examples.example_of(replace(pages[0], page=named), tools) is None


def test_a_chinese_page_counts_three_times(pages, tools):
    [english] = [page for page in pages if page.id == "en-1"]
    chinese = replace(english, language="zh")
    weights = [main_text_examples.example_of(page, tools).importance for page in (english, chinese)]
    assert weights == [1.0, 3.0]


def test_frames_are_learnt_from_for_pages_of_their_language_alone(pages, tools, monkeypatch):
    learnt = [Learnt(page, made) for page in pages if (made := example_of(page, tools))]
    monkeypatch.setattr(
        main_text_examples, "train", lambda examples: [one.site for one in examples]
    )
    chinese, others = (set(found) for found in train_on(learnt, tools))
    frames = [{site for site in found if site.startswith("frame-")} for found in (chinese, others)]
    assert chinese - frames[0] == others - frames[1]
    assert not frames[0] & frames[1]
    assert min(map(len, frames)) > 80
