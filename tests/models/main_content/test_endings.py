import numpy as np
import pytest

from models.main_content.endings import leave_out_endings, section_of
from models.main_content.posts import is_forum
from models.main_content.reading.blocks import read_blocks
from stages.extract.html import parse

STORY = "<p>The story of the mill is long, and it is told here in full.</p>" * 3
LINKED = "<p><a href=/2>燈塔為什麼不亮</a></p>" * 3
REPLIES = "<div><p>I liked this one.</p></div>" * 3


@pytest.mark.parametrize(
    "heading",
    ["相关阅读", "推荐阅读：", "网友评论(12)", "猜你喜欢", "最新评论", "Related Articles", "12 Comments",
     "You may also like", "Leave a Reply", "More from the harbour", "延伸阅读 >", "作者简介",
     "大家都在看", "About the Author", "Subscribe to our newsletter", "Recent blog posts", "» Up next",
     "17 Responses to “The mill”", "One thought on “On salt”", "Submit your comment", "Comments are closed."],
)  # fmt: skip
def test_headings_of_what_follows_a_text_are_known(heading):
    assert section_of(heading)


@pytest.mark.parametrize(
    "heading",
    ["相关工作", "最新新闻", "Latest news", "评论家的一生", "Comments on Kant", "Related work", "12", "更好的生活",
     "Frequently asked questions", "常见问题", "References", "参考文献", "Resources", "Ready to start?",
     "About the mill", "关于港口", "Conclusion", "目录", "Sources", "Contact us", "Overview"],
)  # fmt: skip
def test_headings_of_a_text_are_none(heading):
    assert section_of(heading) is None


def test_a_heading_that_begins_with_a_number_may_be_longer():
    on = f" on “{'The mill by the harbour ' * 3}”"
    assert section_of(f"17 responses{on}") == "comments"
    assert section_of(f"One thought{on}") is None


def kept(html):
    blocks, nodes = read_blocks(parse(f"<html><body>{html}</body></html>"))
    words = np.array([float(len(block.text.split())) for block in blocks])
    every = np.ones(len(blocks), np.bool_)
    chosen = leave_out_endings(every, words, blocks, nodes, in_forum=is_forum(nodes))
    return [block.text for block, stays in zip(blocks, chosen, strict=True) if stays]


def test_a_section_that_begins_with_such_a_heading_goes_and_what_follows_it_stays():
    section = f"<div><div><h3>Comments</h3></div>{REPLIES}</div>"
    assert len(kept(f"<div>{STORY}{section}<p>The end.</p></div>")) == 4


@pytest.mark.parametrize("heading", ["相關閱讀", "相关阅读", "熱門文章", "網友評論"])
def test_headings_in_traditional_characters_are_known_as_simplified_ones_are(heading):
    story = "<p>渡船停航以後，島上的人商量怎樣把麵粉運過海峽，說了三個晚上。</p>" * 3
    section = f"<div><h3>{heading}</h3>{LINKED}</div>"
    assert len(kept(f"<div>{story}{section}</div>")) == 3


def test_comments_that_wordpress_calls_threads_are_no_forum():
    comment = "<li class='comment even thread-even depth-1'><p>I liked this one, too.</p></li>"
    post = f"<div class=post>{STORY * 2}</div>"
    section = f"<h3>2 Responses to “The mill”</h3><ol class=commentlist>{comment * 2}</ol>"
    assert len(kept(f"<div>{post}{section}</div>")) == 6
    assert len(kept(f"<div class=thread>{post}{section}</div>")) == 9


TEASERS = "<p><a href=/2>The harbour in winter</a></p><p>Snow lies on the quay.</p>" * 3


@pytest.mark.parametrize(
    ("heading", "text"),
    [
        ("<p><b>Related posts:</b></p>", STORY),
        ("<h3>相关阅读</h3>", "<p>磨坊 的 故事 很 长。</p>" * 3),
    ],
)
def test_a_heading_among_the_text_ends_it_up_to_the_end_of_its_element(heading, text):
    assert len(kept(f"<div>{text}{heading}{TEASERS}</div>{text}")) == 6


def test_headings_in_chinese_are_looked_for_on_chinese_pages_alone():
    assert len(kept(f"<div>{STORY}<h3>相关阅读</h3>{TEASERS}</div>")) == 10


@pytest.mark.parametrize("level", [2, 3])
def test_such_a_section_ends_at_the_next_heading_of_its_level_or_above(level):
    more = f"<h4>2019</h4>{TEASERS}<h{level}>The mill today</h{level}>{STORY}"
    assert len(kept(f"<div>{STORY}<h3>Related posts</h3>{TEASERS}{more}</div>")) == 7


def test_a_heading_in_a_wrapper_of_its_own_opens_what_follows_the_wrapper():
    html = f"<div>{STORY}<div class=t><h3>Related posts</h3></div><ul>{TEASERS}</ul></div>"
    assert len(kept(html)) == 3


def test_such_a_section_ends_where_the_text_goes_on():
    story = f"<p>{'The story of the mill goes on, and it is told here in full. ' * 5}</p>"
    assert len(kept(f"<div>{STORY}<p><b>Related posts:</b></p>{TEASERS}{story}</div>")) == 4
    assert len(kept(f"<div>{STORY}<h3>About the author</h3>{story}</div>")) == 3


def test_a_whole_sentence_in_chinese_is_of_the_text_and_no_summary():
    story = "渡船停航以後，島上的人商量怎樣把麵粉運過海峽，說了三個晚上，" * 2
    links = "<p><a href=/2>►渡船的冬天</a></p><p><a href=/3>►渡船的春天</a></p>"
    before, goes_on, cut = (f"<p>{story}{end}</p>" for end in ("好。", "<a href=/4>好</a>。", "…"))
    offer = f"{before * 2}<p><b>【延伸閱讀】</b></p>{links}"
    assert len(kept(f"<div>{offer}{goes_on}</div>")) == 3
    assert len(kept(f"<div>{offer}{cut}</div>")) == 2


def test_text_without_links_below_such_a_heading_stays():
    assert len(kept(f"<div>{STORY}<h3>Further reading</h3>{STORY}</div>")) == 7
    long = f"<p>{'The story of the mill is long, and it is told here in full. ' * 2}</p>"
    assert len(kept(f"<div>{STORY}<div><h3>Related articles</h3>{long}</div></div>")) == 5


def test_titles_without_links_go_in_an_element_of_their_own():
    titles = "<p>The harbour in winter</p>" * 3
    assert len(kept(f"<div>{STORY}<div><h3>Related articles</h3>{titles}</div></div>")) == 3
    assert len(kept(f"<div>{STORY}<h3>Related articles</h3>{titles}</div>")) == 7


def test_comments_below_a_heading_among_the_text_go():
    assert len(kept(f"<div>{STORY}<h3>Comments</h3>{REPLIES}</div>")) == 3


def test_headings_that_a_text_may_have_need_an_element_of_their_own():
    assert len(kept(f"<div>{STORY}<h3>See also</h3>{TEASERS}</div>")) == 10
    assert len(kept(f"<div>{STORY}<div><h3>See also</h3>{TEASERS}</div></div>")) == 3


def test_what_is_said_of_an_author_goes_if_it_is_short():
    section = "<h3>About the author</h3><p>She was born by the harbour.</p>"
    assert len(kept(f"<div>{STORY}{section}</div>")) == 3
    assert len(kept(f"<div>{STORY * 9}{section}{STORY * 4}</div>")) == 41


def test_columns_of_a_front_page_stay():
    column = "<ul>" + "<li><a href=/2>The harbour in winter</a></li>" * 6 + "</ul>"
    columns = f"<div><h3>Travel</h3>{column}</div><div><h3>热门新闻</h3>{column}</div>"
    assert len(kept(columns)) == 14


def test_questions_at_the_foot_of_an_article_are_its_own():
    questions = "<h3>Who built it?</h3><p>Nobody knows.</p>"
    assert len(kept(f"<div>{STORY}<div><h2>FAQ</h2>{questions}</div></div>")) == 6


def test_replies_in_a_forum_are_its_text():
    section = f"<div><h3>Comments</h3>{REPLIES}</div>"
    assert len(kept(f"<div class=DiscussionPage>{STORY}{section}<p>The end.</p></div>")) == 8


def test_a_thread_that_is_longer_than_what_stands_above_it_is_the_text():
    assert len(kept(f"<p>A link.</p><div><h3>Comments</h3>{REPLIES * 20}</div>")) == 62


def test_comments_below_a_post_go_however_many_they_are():
    section = f"<div><h3>Comments</h3>{REPLIES * 90}</div>"
    assert len(kept(f"<div>{STORY * 2}{section}</div>")) == 6
