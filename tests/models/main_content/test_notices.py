import numpy as np
import pytest

from models.main_content.notices import is_notice, leave_out_notices
from models.main_content.posts import is_forum
from models.main_content.reading.blocks import read_blocks
from stages.extract.html import parse

NOTICES = [
    "责任编辑：王小明", "（编辑 李华）", "本文来源：港口日报", "来源： 新华网", "（本文转载自《港口日报》）",
    "未经授权，不得转载。", "转载请注明出处：港口网", "本文经港口日报授权转载", "版权声明：本文为博主原创文章。",
    "免责声明：本文仅代表作者个人观点，与本站无关。", "【声明】图片来自网络。", "以上内容仅供参考，不构成投资建议。",
    "如有侵权，请联系删除", "股市有风险，投资需谨慎。", "长按二维码关注我们", "欢迎关注微信公众号：港口日报",
    "安装港口财经客户端第一时间接收资讯→【下载地址】", "海量资讯、精准解读，尽在港口财经APP", "返回搜狐，查看更多",
    "Last edited: Oct 10, 2024", "Last edited by sailor; Feb 14, 2026 at 9:25 pm", "本帖最后由 港口 于 2012-3-4 编辑",
    "(点击：1290)", "浏览次数：2,431次", "阅读 10万+",
    "更多精彩内容请关注港口网", "登录后可查看全文", "打开APP阅读全文",
    "© 2024 The Harbour Times", "All rights reserved.",
    "Sign up for our weekly newsletter",
    "Get the best of the harbour in your inbox.", "Enter your email address",
    "By signing up, you agree to our terms.", "Follow us on Facebook and Twitter!",
    "We use cookies to improve this site.", "Already a subscriber? Log in.",
    "You have read 3 of 3 free articles this month. Subscribe to go on.", "ADVERTISEMENT", "广告",
    "Scroll to continue with content", "Article continues below this ad", "剩余内容需开通会员后阅读",
    "扫一扫分享到微信朋友圈", "用微信扫描二维码，分享至好友和朋友圈", "如果觉得文章对你有帮助，请随意打赏",
    "__________________ Measure twice, swear once.", "You may not post new threads", "建议使用800×600分辨率浏览",
    "Download the free Harbour Radio app.", "Code: Select all", "代码如下:", "View Code", "展开代码", "You are visitor number 20,411 since May", "Best viewed at 800x600 with Netscape",
    "E-mail the webmaster with your corrections.", "Nets (last edited 2008-03-11 21:06:40 by AnnLee)",
    "Last updated in May. Webmaster: ann@harbour.example", "This note does not constitute investment advice.",
    "The figures are for informational purposes only and may change.",
    "Thanks for reading Tide Tables! Subscribe for free to receive new posts.", "Advertisement - story continues below", "（作者系江州师范学院教授）", "本文转载请注明出处：港口网", "点击上方蓝字关注我们，每天学一道面食",
    "觉得不错，就点个“在看”吧↓↓↓", "手机用户请浏览m.harbour.example阅读", "小提示：按【回车键】返回书目，按←键返回上一页。",
    "立即下载港口日报App，第一时间接收推送", "订阅港口日报电子报，每朝为你整理城中大小事", "Hits: 211",
    "This article is republished from The Harbour under a Creative Commons licence.",
    "Get the news first: download our free app for every telephone.",
    "天才一秒记住本站地址：www.harbour.example，最快更新！",
    "本文版权归作者所有，转载请在后台留言", "凡本网注明“来源：港口网”的所有作品，版权均属于港口网。", "版权与免责声明：",
    "如涉及作品内容、版权和其它问题，请在30日内与本网联系。", "本网站资料以开放授权条款释出，引用时请注明出处。",
    "立刻加入《港口》LINE 官方帐号，渔获新知一手掌握！", "扫码加入港口备考群，领取电子版讲义↓↓", "Return to Main Contents",
    "网潮声明：本文转自其他媒体，并不代表本网赞同其观点。", "发布者：教务处发布时间：2017-05-23浏览次数：1837",
    "MovieBase accepts no responsibility for the contents of the review.",
    "This website adheres to the Independent Press Standards Organisation's code.",
    "The Gazette is offering readers a subscription for £2. To subscribe, click here.",
    "Enjoying this issue? Become a paid subscriber and get the full archive.",
    "You have 2 free articles remaining this month", "Get unlimited digital access from 99 cents.",
    "Cold Frame is a reader-supported publication. To receive new posts, subscribe.",
    "If this story matters to you, please make a tax-deductible gift today.", "Previous message: [harbour] Nets", "返回顶部", "Back to top",
    "Subscribe to read the full story", "This article is for subscribers only.",
]  # fmt: skip
TEXT = [
    "编辑部昨天搬到了港口边上的新楼。", "来源于山中的泉水流入港口。", "数据来源：国家统计局", "声明发表后，市场反应平静。",
    "Last edited by his son, the book came out at once.", "Modified: you have changed the file.", "本文最后由他的儿子编辑成书。",
    "打开微信客户端，点击右下角的“我”。", "下载好的APP要先安装到手机上。", "点击率上升了三成。", "阅读3本书", "点击3次鼠标",
    "他关注了港口的每一次变化，并写下了自己的观察。", "下载量上升了三成。", "记者登录后台发现数据有误。",
    "Silence does not constitute consent.", "The museum is open for educational visits only.", "Editors are people.", "The copyrights of the songs were sold.", "He signed up for the navy in 1912.",
    "We may earn less next year.", "The cookies were baked at noon.", "Follow the road to the mill.",
    "Subscribers paid a pound a year.", "She joined the newspaper in 1980.",
    "You have read the letter that all of us had hoped for.", "Advertisements were a penny a line.",
    "The story continues below decks.", "他觉得应该打赏那位船工。", "一秒钟以后灯灭了。", "剩余部分由会员表决。",
    "The code: select all that you need from the drawer.", "作者系渔民之子，十六岁进城。", "小提示：盐要最后放。",
    "They republished her letters in 1950, and nobody asked for leave.", "The app was downloaded twice.",
    "靠窗的座位夏天能低两度左右。返回港口，查看更多", "他读完信，返回了港口。",
    "论文引用他人的话，要注明出处。", "他扫码付了钱，领了鱼。", "The way back to the top took an hour.", "The next message: none.",
    "时间：五月一日 地点：图书馆 活动：阅读", "Get full access to the key by two steps.", "外交部发表声明：各方应保持克制。", "作者：王小明，港口的老船工。", "He was not responsible for the fire.",
    "She became a member, and paid the subscription.", "他加入了港口的官方足球队。", "Disclaimers were read out before the film.", "This article contains three parts.",
]  # fmt: skip


@pytest.mark.parametrize("text", NOTICES)
def test_a_notice_is_known(text):
    assert is_notice(text.lower())


@pytest.mark.parametrize("text", TEXT)
def test_a_sentence_of_a_text_is_none(text):
    assert not is_notice(text.lower())


@pytest.mark.parametrize("text", ["Read more: The harbour in winter", "延伸阅读：港口的冬天"])
def test_a_line_that_offers_another_page_is_one_if_it_links_there(text):
    assert is_notice(text.lower(), is_linked=True)
    assert not is_notice(text.lower())
    half, rest = text[: len(text) // 2], text[len(text) // 2 :]
    assert kept([STORY, f"<a href=/2>{half}</a>{rest}"]) == [STORY]
    assert kept([STORY, text]) == [STORY, text]


def test_a_line_of_code_or_a_row_of_a_table_is_none():
    table = (
        "<table><tr><th>名称<th>数量</tr><tr><td>版权所有<td>3</tr><tr><td>图书<td>4</tr></table>"
    )
    story = "渡船停航以后，岛上的人商量怎样把面粉运过海峡，说了三个晚上。 一 二 三 四 五 六 七"
    assert kept([story, "<pre>来源: x</pre>", table]) == [
        story, "来源: x", "名称 数量", "版权所有 3", "图书 4",
    ]  # fmt: skip
    assert kept([story, "来源: x", "版权所有 3"]) == [story]


@pytest.mark.parametrize(
    "text",
    [
        "Joined: 02 Feb 2004",
        "第2楼",
        "#12",
        "积分：6022",
        "头衔: 元老",
        "Topic: Nets (Read 811 times)",
        "tapeape 5 hours ago",
        "an hour ago | 4 comments",
        "3 个赞",
        "reply",
    ],
)
def test_what_is_said_of_a_poster_is_a_notice_on_forums_alone(text):
    assert kept([STORY, text]) == [STORY, text]
    assert kept([STORY, text], around="div class=topic") == [STORY]


def test_what_a_forum_draws_a_line_before_is_a_signature():
    post = f"{STORY}<br>_________<br>Fair winds!"
    assert kept([post, STORY]) == [STORY, STORY]
    assert kept([f"_________<br>{STORY * 8}", STORY]) == [STORY * 8, STORY]


def test_a_short_reply_that_tells_of_the_past_is_none():
    reply = "I bought mine 3 years ago"
    assert kept([STORY, reply], around="div class=topic") == [STORY, reply]


def of_poster(name, posts, place):
    return [name, f"Posts: {posts}", f"Registered: {place} 2000"]


def test_what_is_said_of_posters_shows_a_thread_that_no_class_names():
    one, other = of_poster("lockwheeler", 14, "Mar"), of_poster("mortimer", 388, "Nov")
    post = f"{STORY}<br>------------------<br>Steady as she goes"
    assert kept([*one, post, *other, STORY]) == ["lockwheeler", STORY, "mortimer", STORY]
    assert kept([*one, post]) == [*one, STORY, "------------------", "Steady as she goes"]
    places = ["Location: Marsden", "Location: Skipton", "Location: Braunston"]
    assert kept([STORY, *places]) == [STORY, *places]


def test_links_in_brackets_are_ways_out():
    assert kept([STORY, "【<a href=/p>打印此文</a>】【<a href=/b>返回上页</a>】"]) == [STORY]
    assert kept([STORY, "【原文】【译文】"]) == [STORY, "【原文】【译文】"]


def test_a_long_block_that_begins_like_a_notice_is_none():
    notice = "免责声明：" + "内容" * 300
    assert kept([STORY, notice]) == [STORY, notice]


def kept(paragraphs, title="A page", around="div"):
    html = "".join(f"<p>{paragraph}</p>" for paragraph in paragraphs)
    blocks, nodes = read_blocks(parse(f"<html><body><{around}>{html}</div></body></html>"))
    words = np.array([float(len(text.split())) for text in blocks.texts])
    every = np.ones(len(blocks), np.bool_)
    chosen = leave_out_notices(every, words, blocks, title, in_forum=is_forum(nodes))
    return blocks.where(chosen).texts


STORY = "The story of the mill is long, and it is told here in full."
NOTICE = "We use cookies to improve this site."


def test_notices_go_wherever_they_stand():
    assert kept([NOTICE, STORY, NOTICE, STORY, NOTICE]) == [STORY, STORY]


def test_notices_in_traditional_characters_are_known_as_simplified_ones_are():
    story = "渡船停航以後，島上的人商量怎樣把麵粉運過海峽，說了三個晚上。 一 二 三 四 五 六 七 八"
    notices = [
        "請繼續往下閱讀...",
        "責任編輯：林小明",
        "（本文獲《港口旬刊》授權轉載，未經同意請勿轉載）",
    ]
    assert kept([story, *notices]) == [story]
    assert kept([story, notices[1]], "免責聲明") == [story, notices[1]]


def test_notices_that_are_most_of_a_text_stay():
    assert kept([STORY, NOTICE, NOTICE, NOTICE]) == [STORY, NOTICE, NOTICE, NOTICE]


@pytest.mark.parametrize("title", ["Cookie policy", "免责声明", "How newsletters work"])
def test_notices_stay_on_a_page_about_such_things(title):
    assert kept([STORY, NOTICE], title) == [STORY, NOTICE]
