"""Small pages with what is not their text around it, in both languages, through all of extraction."""

import pytest

from stages.extract import extract

ZH = [
    "清晨六点，河边的菜市场已经亮起了灯，摊主们把新鲜的蔬菜一筐一筐地搬到摊位上，开始了一天的忙碌。",
    "老李在这里卖了三十年豆腐，他说，从前这条路到了雨天全是泥，如今铺上了石板，不过路还是不好走。",
    "去年冬天，镇里决定把市场搬到新区，摊主们商量了好几个晚上，最后还是同意了这个方案。",
    "搬家那天，许多老顾客都来帮忙，大家说，只要豆腐还是原来的味道，走远一点也没有关系。",
]
EN = """\
At six in the morning the lights are on in the market by the river, and traders carry crates to their stalls.
Mr Lee has sold bean curd here for thirty years. The road used to be mud whenever it rained, he says.
Last winter the town decided to move the market, and the traders talked about it for several evenings.
On the day of the move many old customers came to help: as long as the curd tastes the same, they said.
""".splitlines()
TITLES = {"zh": "河边的菜市场", "en": "The market by the river"}
TEXTS = {"zh": ZH, "en": EN}
TEASERS = {
    "zh": "<li><a href=/2>镇上新开了十二所学校</a><p>新学期开始，孩子们走进了明亮的教室，老师们也做好了准备。</p></li>"
    "<li><a href=/3>南山茶园迎来丰收</a><p>今年雨水充足，茶农们早早上山采茶，产量比去年多了两成。</p></li>"
    "<li><a href=/4>老戏台重新开锣</a><p>停演多年的戏台修好了，第一场戏吸引了几百名观众。</p></li>",
    "en": "<li><a href=/2>Twelve new schools for the town</a><p>Children walked into bright rooms as"
    " the term began.</p></li><li><a href=/3>A good year for tea</a><p>Growers went up the hill early,"
    " and picked a fifth more.</p></li><li><a href=/4>The old stage is open</a><p>Hundreds came to"
    " see the first play in years.</p></li>",
}
GONE = {
    "zh": ["十二所学校", "茶农们早早上山", "老戏台"],
    "en": ["Twelve new schools", "Growers went up the hill", "The old stage"],
}


def page(language, *, inside="", behind="", middle="", kind="div class=content"):
    """A page of four paragraphs with something in their middle, in their element, and behind it."""
    first, second = (
        "".join(f"<p>{text}</p>" for text in part)
        for part in (TEXTS[language][:2], TEXTS[language][2:])
    )
    title = TITLES[language]
    return (
        f"<html lang={language}><head><meta charset=utf-8><title>{title}</title></head><body>"
        f"<nav><a href=/>Home</a> <a href=/news>News</a></nav><{kind}><h1>{title}</h1>"
        f"{first}{middle}{second}{inside}</{kind.split()[0]}>{behind}</body></html>"
    )


def text_of(html):
    return extract(html.encode(), url="http://example.org/1").text


def holds(text, language):
    return all(part in text for part in TEXTS[language])


@pytest.mark.parametrize(
    ("language", "heading"),
    [
        ("zh", "<h2>相关阅读</h2>"), ("zh", "<p><strong>推荐阅读：</strong></p>"),
        ("zh", "<div class=t><h3>猜你喜欢</h3></div>"), ("zh", "<h3>大家都在看</h3>"),
        ("en", "<h2>Related posts</h2>"), ("en", "<p><b>You might also like:</b></p>"),
        ("en", "<div class=t><h3>Recent articles</h3></div>"), ("en", "<h3>More from the town</h3>"),
    ],
)  # fmt: skip
@pytest.mark.parametrize("where", ["inside", "behind"])
def test_teasers_go_with_their_summaries_and_nothing_before_them_does(language, heading, where):
    teasers = f"{heading}<ul>{TEASERS[language]}</ul>"
    text = text_of(page(language, **{where: teasers}))
    assert holds(text, language)
    assert [part for part in GONE[language] if part in text] == []


@pytest.mark.parametrize("language", ["zh", "en"])
def test_teasers_in_an_element_of_that_name_go_without_a_heading(language):
    text = text_of(
        page(language, inside=f"<div class=recommend-list><ul>{TEASERS[language]}</ul></div>")
    )
    assert holds(text, language)
    assert [part for part in GONE[language] if part in text] == []


@pytest.mark.parametrize(
    ("language", "notice"),
    [
        ("zh", "免责声明：本文仅代表作者个人观点，与本网无关，请读者仅作参考。"), ("zh", "转载请注明出处：河边日报"),
        ("zh", "本文来源：河边日报"), ("zh", "（责任编辑：王小明）"), ("zh", "长按识别二维码，关注河边日报公众号"),
        ("zh", "未经本报授权，任何单位不得转载、摘编本文内容。"), ("zh", "登录后可查看全文"),
        ("en", "Sign up for our newsletter and get the best stories every Friday."),
        ("en", "Already a subscriber? Log in to go on."), ("en", "© 2024 The River Times. All rights reserved."),
        ("en", "We use cookies to make this site better for you."),
    ],
)  # fmt: skip
@pytest.mark.parametrize("where", ["inside", "middle"])
def test_notices_go_in_the_middle_of_a_text_too(language, notice, where):
    text = text_of(page(language, **{where: f"<p>{notice}</p>"}))
    assert holds(text, language)
    assert notice not in text


@pytest.mark.parametrize(
    ("language", "line"),
    [
        ("zh", "延伸阅读：<a href=/2>镇上新开了十二所学校</a>"),
        ("en", "Read more: <a href=/2>Twelve new schools</a>"),
    ],
)
def test_a_line_that_offers_another_page_goes(language, line):
    text = text_of(page(language, middle=f"<p>{line}</p>"))
    assert holds(text, language)
    assert GONE[language][0] not in text


@pytest.mark.parametrize("language", ["zh", "en"])
def test_of_a_page_without_end_the_first_article_is_the_text(language):
    following = "".join(
        f"<article class=story><h1>{title}</h1><p>{title}: {'news of the day. ' * 9}</p></article>"
        for title in GONE[language]
    )
    html = page(language, behind=following, kind="article class=story")
    text = text_of(html)
    assert holds(text, language)
    assert [part for part in GONE[language] if part in text] == []


@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_box_about_cookies_goes_however_long(language):
    box = "<p>We use cookies to measure audiences and to show you what you may like.</p>" * 2
    more = "".join(
        f"<p>Purpose {n}: partners may store and read what is on your device.</p>"
        for n in range(40)
    )
    text = text_of(page(language, behind=f"<div class=ot-sdk-container>{box}{more}</div>"))
    assert holds(text, language)
    assert "partners may store" not in text


@pytest.mark.parametrize("language", ["zh", "en"])
def test_boxes_of_a_wiki_go(language):
    box = "<table class='infobox'><tr><th>Founded</th><td>1912</td></tr><tr><th>Stalls</th><td>84</td></tr></table>"
    links = f"<div class=navbox><ul>{TEASERS[language]}</ul></div><div class=catlinks><a href=/c>Markets</a></div>"
    text = text_of(page(language, middle=box, inside=links))
    assert holds(text, language)
    assert [part for part in (*GONE[language], "1912") if part in text] == []


@pytest.mark.parametrize(
    ("language", "heading", "sentence"),
    [
        ("zh", "常见问题", "问：几点开门？答：每天早上六点开门，下午两点以后人就少了，买豆腐要赶早。"),
        ("zh", "参考文献", "王小明：《河边集市的历史》，河边出版社，二〇一二年出版，第三章记述了市场的由来。"),
        ("en", "FAQ", "When does it open? At six every morning, and by two in the afternoon few people are left."),
        ("en", "Conclusion", "The market will live on in its new place, because its customers want it to be there."),
    ],
)  # fmt: skip
def test_what_an_article_says_under_headings_of_its_own_stays(language, heading, sentence):
    text = text_of(page(language, inside=f"<h2>{heading}</h2><p>{sentence}</p>"))
    assert holds(text, language)
    assert sentence in text


@pytest.mark.parametrize("language", ["zh", "en"])
def test_posts_of_a_thread_are_its_text(language):
    posts = "".join(f"<div class=post><p>{text}</p></div>" for text in TEXTS[language])
    replies = {"zh": "全部回复", "en": "Replies"}[language]
    html = (
        f"<html><head><title>{TITLES[language]}</title></head><body class=forum><div class=thread>"
        f"<h1>{TITLES[language]}</h1>{posts[: len(posts) // 2]}<h3>{replies}</h3>{posts[len(posts) // 2 :]}"
        "</div></body></html>"
    )
    assert len([part for part in TEXTS[language] if part in text_of(html)]) >= 3
