from dataclasses import replace

import pytest

from curation.training.extraction import parse_page
from curation.training.labelled_pages import read_pages
from curation.training.other_frames import put_into_frames
from models.text.letters import letters_of
from tests.curation.training.labelled import rows, write_folder
from tests.curation.training.test_next_articles import article, text_of

CHINESE = (
    "<nav><a href=x>首页</a> 您的位置</nav><div>"
    "<p>这一段正文写得足够长，所以可以在别的页面里代替一段英文的正文。</p>"
    "<p>第二段正文也是这样，它说的事情与第一段没有什么关系。</p></div><p>版权所有</p>"
)
TRUTH = (
    "这一段正文写得足够长，所以可以在别的页面里代替一段英文的正文。\n"
    "第二段正文也是这样，它说的事情与第一段没有什么关系。"
)


@pytest.fixture(scope="module")
def pages(tmp_path_factory):
    folder = write_folder(tmp_path_factory.mktemp("pages"), {"en": rows("en")})
    labelled = next(read_pages(folder, "en"))
    page = replace(labelled.page, doc_id="zh", url="https://zh.org/", body=CHINESE.encode())
    chinese = replace(labelled, page=page, truth=TRUTH, language="zh")
    return [article(labelled, f"site{number}") for number in range(4)] + [chinese]


def test_all_text_of_a_frame_is_chinese_and_main_text_stands_where_it_stood(pages):
    rebuilt = list(put_into_frames(pages, 4))
    assert len(rebuilt) == 4
    for page in rebuilt:
        tree = parse_page(page.page)
        assert page.language == "zh"
        assert not any(
            char.isascii() and char.isalpha() for char in "".join(tree.find("body").itertext())
        )
        inside = letters_of("".join(tree.xpath("//div[@id='text']")[0].itertext()))
        assert inside == letters_of(page.truth)
        assert set(page.truth.splitlines()) <= set(TRUTH.splitlines())
        assert "".join(tree.xpath("//nav")[0].itertext()) in {"您的位置", "版权所有"}


def test_the_classes_and_the_site_are_the_frames(pages):
    (page, *_) = put_into_frames(pages, 1)
    frame = next(one for one in pages if page.id == f"{one.id}+zh")
    assert page.site == frame.site
    assert [one.tag for one in parse_page(page.page).iter("*")] == [
        one.tag for one in parse_page(frame.page).iter("*")
    ]


def test_nothing_is_made_without_chinese_pages(pages):
    assert not list(put_into_frames(pages[:-1], 4))


def test_the_same_pages_give_the_same(pages):
    assert list(put_into_frames(pages, 3)) == list(put_into_frames(pages, 3))
    assert text_of(next(put_into_frames(pages, 1)))
