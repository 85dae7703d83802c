import re
import shutil

import pytest

from curation.training.extraction import parse_page
from curation.training.written_frames import FRAMES, fill_frames
from models.text.letters import letters_of

TOKEN = re.compile(r"\{(?:headline|sentence|channel|source|site|city|cdate|small)\}")
"""Others may stand in a text about code."""
EDITOR, NEXT = "责任编辑：某某", "下一篇"
FRAME = f"""<html><head><title>{{title}} - {{site}}</title></head><body>
<ul><li repeat="3-5"><a href="/{{number}}">{{channel}}</a></li></ul><h1>{{title}}</h1>
<div id="nr" text="indent"><b>图</b><i middle="">广告</i><em behind="">{EDITOR}</em></div>
<p repeat="2">{{name}}：{{sentence}}</p><a>{NEXT}</a></body></html>"""


@pytest.fixture(scope="module", params=["zh", "en"])
def language(request):
    return request.param


@pytest.fixture(scope="module")
def pages(language):
    return list(fill_frames(language, [], 1))


def folder_with(tmp_path, frame):
    folder = tmp_path / "frames"
    (folder / "zh").mkdir(parents=True)
    shutil.copy(FRAMES / "words.toml", folder)
    (folder / "zh" / "01-own.html").write_text(frame, "utf-8")
    return folder


def shown(page):
    return letters_of("".join(parse_page(page.page).find("body").itertext()))


def test_every_frame_is_filled_with_a_text_that_stands_in_it_line_by_line(language, pages):
    assert len(pages) == len(list((FRAMES / language).glob("*.html"))) > 80
    for page in pages:
        assert not TOKEN.search(page.page.body.decode()), page.id
        text, place = shown(page), 0
        for line in map(letters_of, page.truth.splitlines()):
            place = text.index(line, place) + len(line)
        # What a page must have to be worth learning from: more around the text than in its title.
        assert len(text) - len(letters_of(page.truth)) > 150, page.id


def test_each_frame_is_a_site(pages):
    assert len({page.site for page in pages}) == len(pages)


def test_the_same_frames_give_the_same_and_each_copy_is_another(language, pages):
    again = list(fill_frames(language, [], 2))
    assert again[::2] == pages
    assert all(
        first.page.body != second.page.body
        for first, second in zip(again[::2], again[1::2], strict=True)
    )


def test_what_a_frame_holds_stays_before_between_and_behind_the_lines(tmp_path):
    for page in fill_frames("zh", [], 5, folder_with(tmp_path, FRAME)):
        place = parse_page(page.page).xpath("//div[@id='nr']")[0]
        parts = [part.strip() for part in place.itertext()]
        assert (parts[0], parts[-1]) == ("图", EDITOR)
        assert "广告" in parts[2:-1]
        assert [part for part in parts[1:-1] if part != "广告"] == page.truth.splitlines()
        assert all("\u3000\u3000" in paragraph.text for paragraph in place.iterfind("p"))


def test_a_repeated_element_is_copied_and_filled_anew(tmp_path):
    (page,) = fill_frames("zh", [], 1, folder_with(tmp_path, FRAME))
    items = parse_page(page.page).xpath("//ul/li")
    assert 3 <= len(items) <= 5
    assert len({item.find("a").get("href") for item in items}) == len(items)


def test_every_post_of_a_thread_is_its_text(tmp_path):
    frame = (
        '<html><body><td repeat="3"><b>{name}</b><p text="br"></p><i>签名</i></td></body></html>'
    )
    (page,) = fill_frames("zh", [], 1, folder_with(tmp_path, frame))
    places = parse_page(page.page).xpath("//p")
    assert len(places) == 3
    lines = [part.strip() for place in places for part in place.itertext() if part.strip()]
    assert lines == page.truth.splitlines()
