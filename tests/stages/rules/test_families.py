"""Each family of the report's list on whole documents: English, both Chinese scripts, and mixed."""

import pytest

from schemas.verdict import Decision
from stages.rules import FAMILIES, RULES, Family, judge
from tests.stages.rules.texts import GOOD

LANGUAGES = {"en": "en", "zh": "zh", "zh-Hant": "zh", "mixed": "zh"}
MIXED = (
    "我们用 Apache Spark 处理网页，先用 fastText 判断语言，再用 MinHash 去重。"
    "每个 stage 都会写下它的 verdict，所以任何一个 page 都能查到下落。\n"
    "如果一个 executor 失败了，task 会在别的机器上重跑，结果与原来一样，因为输出不依赖 partition 的数目。"
    "读者可以在自己的 laptop 上试一试：下载代码，准备几个 WARC 文件，然后运行 curate run 就可以了。"
)
TEXTS = {**GOOD, "mixed": MIXED}
DIFF = "diff --git a/run.py b/run.py\nindex 1a2b3c4..5d6e7f8 100644\n--- a/run.py\n+++ b/run.py\n@@ -1,4 +1,5 @@\n import os\n-x = 1\n+x = 2\n+y = 3\n"
MENU = {
    "en": "Home\nAbout us\nProducts\nNews\nContact\n",
    "zh": "首页\n关于我们\n产品中心\n新闻动态\n联系方式\n",
    "zh-Hant": "首頁\n關於我們\n產品中心\n新聞動態\n聯絡方式\n",
    "mixed": "首页 Home\n关于 About\n产品 Products\n新闻 News\n联系 Contact\n",
}
PROMPT = {
    "en": "Please log in. Forgot your password? Create an account. Remember me. ",
    "zh": "请先登录。用户名，密码，验证码。忘记密码？立即注册。",
    "zh-Hant": "請先登入。使用者名稱，密碼，驗證碼。忘記密碼？立即註冊。",
    "mixed": "请先登录 Sign in。忘记密码？立即注册 VIP会员。用户名，密码。",
}
ADVERTISEMENT = {
    "en": "Buy now! Free shipping, limited time offer. Add to cart. ",
    "zh": "立即购买！限时优惠，全国包邮，咨询热线在此。",
    "zh-Hant": "立即購買！限時優惠，全館免運費，加入購物車。",
    "mixed": "立即购买 iPhone！限时优惠，全国包邮，加微信 VIP。",
}
KEYWORDS = {
    "en": "flights, hotels, london, paris, tickets, cheap, luxury, weekend, suites, resorts.\n",
    "zh": "机票，酒店，伦敦，巴黎，门票，豪华，周末，套房，度假村，旅游。\n",
    "zh-Hant": "機票，酒店，倫敦，巴黎，門票，豪華，週末，套房，度假村，旅遊。\n",
    "mixed": "机票，hotel，伦敦，Paris，门票，luxury，周末，套房，resort，旅游。\n",
}
TITLES = {"en": "404 Not Found", "zh": "页面不存在", "zh-Hant": "頁面不存在", "mixed": "404 页面"}


def garble(text):
    """The UTF-8 bytes of a text read as Latin-1; ASCII gets quotes, which survive no such thing."""
    return text.replace(" the ", " “the” ").encode().decode("latin-1")


DOCUMENTS = [  # family, what it is, the document by kind of text
    (Family.EMPTY, "one line", {kind: text.split("，")[0][:20] for kind, text in TEXTS.items()}),
    (Family.DIFFS, "code diff", dict.fromkeys(TEXTS, DIFF * 3)),
    (Family.PROMPTS, "log in", {kind: PROMPT[kind] * 4 for kind in TEXTS}),
    (Family.PROMPTS, "buy", {kind: ADVERTISEMENT[kind] * 4 for kind in TEXTS}),
    (Family.STRUCTURE, "menu", {kind: MENU[kind] * 6 for kind in TEXTS}),
    (Family.STRUCTURE, "mojibake", {kind: garble(text) for kind, text in TEXTS.items()}),
    (Family.STRUCTURE, "template", {k: t[:80] + "{{ user.name }} &nbsp; " * 9 for k, t in TEXTS.items()}),
    (Family.STRUCTURE, "filler", {k: t + "\nLorem ipsum dolor sit amet, consectetur adipiscing elit, sed do eiusmod" for k, t in TEXTS.items()}),
    (Family.DUPLICATES, "said five times", {kind: "\n".join([text] * 5) for kind, text in TEXTS.items()}),
    (Family.DUPLICATES, "five paragraphs alike", {k: "\n\n".join([t] * 5) for k, t in TEXTS.items()}),
    (Family.CONTENT, "keywords", {kind: KEYWORDS[kind] * 10 for kind in TEXTS}),
]  # fmt: skip
CASES = [
    pytest.param(family, kind, text, id=f"{family}-{name}-{kind}")
    for family, name, texts in DOCUMENTS
    for kind, text in texts.items()
]


def family_of(verdict):
    return {rule.reason: rule.family for rule in RULES}.get(verdict.reason)


@pytest.mark.parametrize(("family", "kind", "text"), CASES)
def test_a_family_removes_its_faults_when_it_is_on_and_only_then(family, kind, text):
    on = judge(text, language=LANGUAGES[kind], families=[family])
    assert (on.decision, family_of(on)) == (Decision.REMOVE, family), on.measures
    others = [other for other in FAMILIES if other != family]
    assert family_of(judge(text, language=LANGUAGES[kind], families=others)) != family


@pytest.mark.parametrize("kind", list(TEXTS))
@pytest.mark.parametrize(
    "page",
    [
        {"url": "http://www.hugedomains.com/domain?x"},
        {"url": "https://site.example/user/login?next=/"},
        {"title": None},
    ],
    ids=["host", "url", "title"],
)
def test_the_meta_family_goes_by_host_url_and_title(kind, page):
    page = page if "url" in page else {"title": TITLES[kind]}
    language, text = LANGUAGES[kind], TEXTS[kind]
    on = judge(text, language=language, families=["meta"], **page)
    assert (on.decision, family_of(on)) == (Decision.REMOVE, Family.META)
    others = [family for family in FAMILIES if family != "meta"]
    assert judge(text, language=language, families=others, **page).decision is Decision.KEEP


@pytest.mark.parametrize("kind", list(TEXTS))
@pytest.mark.parametrize(
    ("url", "is_search"),
    [
        ("https://blog.example/?s=harbour", True),
        ("https://blog.example/en/index.php?lang=en&s=harbour", True),
        ("https://water.example/cp.aspx?n=8812&s=30217", False),  # how Taiwan's agencies number
        ("https://cms.example/index.php?s=/article/12", False),  # ThinkPHP's path
        ("https://board.example/index.php?s=0123456789abcdef0123456789abcdef", False),
        ("https://old.example/news_view.asp?id=12&keyword=", False),
    ],
)
def test_a_search_is_known_by_its_address_and_other_parameters_of_that_name_are_none(
    kind, url, is_search
):
    found = judge(TEXTS[kind], language=LANGUAGES[kind], url=url, families=["meta"])
    assert (found.decision is Decision.REMOVE) is is_search


@pytest.mark.parametrize("kind", list(TEXTS))
def test_a_wiki_diff_is_known_by_its_address_and_by_its_words(kind):
    language, text = LANGUAGES[kind], TEXTS[kind]
    by_address = judge(text, language=language, url="https://w.example/?title=A&oldid=6&diff=7")
    assert by_address.reason == "diff_address"
    words = {
        "en": "Revision as of 1 May. ← Older edit. Newer edit → Latest revision as of 2 May.",
        "zh": "2020年的修订版本 ←上一编辑 下一编辑→ 版本间的差异 编辑摘要",
        "zh-Hant": "2020年的修訂版本 ←上一編輯 下一編輯→ 版本間的差異 編輯摘要",
        "mixed": "2020年的修订版本 ←上一编辑 下一编辑→ 版本间的差异 (diff)",
    }
    by_words = judge(f"{words[kind]}\n{text}", language=language)
    assert by_words.reason == "wiki_diff"


@pytest.mark.parametrize("kind", list(TEXTS))
def test_good_text_passes_every_family_alone(kind):
    for family in FAMILIES:
        verdict = judge(TEXTS[kind], language=LANGUAGES[kind], families=[family])
        assert verdict.decision is Decision.KEEP, verdict.detail
