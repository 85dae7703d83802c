"""Texts with one fault each, and sentences in languages that the pipeline does not keep."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from random import Random

from curation.sample_crawl.grammar import Article

Text = tuple[str, Sequence[str]]
"""A title and paragraphs."""

_LATIN = (
    "lorem|ipsum|dolor|sit|amet|consectetur|adipiscing|elit|sed|do|eiusmod|tempor|incididunt|ut|"
    "labore|et|dolore|magna|aliqua|enim|ad|minim|veniam|quis|nostrud|exercitation|ullamco|laboris"
)
_FILLER = (
    "Lorem ipsum dolor sit amet, consectetur adipiscing elit, sed do eiusmod tempor incididunt ut "
    "labore et dolore magna aliqua."
)
_NO_MARKS = str.maketrans("", "", ".,")
_SPAM = {
    "zh": "特价|代办|加盟|包邮|优惠券|批发|厂家直销|快速办理|低价|热线",
    "en": "cheap|shoes|buy now|discount|best price|outlet|free shipping|sale",
}
_COMMENTS = (
    "the size of the buffer is checked before it is used",
    "do not wait for the lock here, the caller has it",
    "this was wrong when the list is empty",
    "keep the old value until the new one is on the disk",
    "the names of the files are sorted so that tests are stable",
)
_MENU = {
    "zh": "首页|登录|注册|购物车|帮助中心|下载|客服|招聘|友情链接|更多",
    "en": "Home|Log in|Register|Cart|Help|Download|Careers|Links|More",
}

FOREIGN: Mapping[str, tuple[str, ...]] = {
    "fr": (
        "Le village se réveille quand le boulanger ouvre sa porte et que le pain sent bon.",
        "Les enfants traversent la place en courant, avant que la cloche ne sonne.",
        "Dans les jardins, les vieux arrosent les tomates et parlent de la pluie qui ne vient pas.",
        "Le maire a promis de réparer le pont avant l'hiver, mais personne ne le croit vraiment.",
        "Le soir, les familles se retrouvent au bord de la rivière pour jouer aux cartes.",
        "On raconte encore l'histoire du meunier qui avait caché son argent sous une pierre.",
    ),
    "ru": (
        "Утром над рекой стоял густой туман, и рыбаки долго не решались выходить из дома.",
        "Старая мельница давно не работает, но дети любят играть возле её тёмных стен.",
        "Летом сюда приезжают художники, чтобы писать поля, леса и высокое северное небо.",
        "Бабушка пекла пироги с капустой и рассказывала, как жили люди до войны.",
        "Осенью дороги размывает дождём, и автобус приходит только два раза в неделю.",
        "Учитель собрал школьников и повёл их в лес, показывать следы зайца и лисы.",
    ),
    "ja": (
        "朝早く起きて、川のそばを散歩するのが祖父の毎日の楽しみでした。",
        "この町には古い橋があり、春になると桜の花が水面に映ってとても美しいです。",
        "子どもたちは学校から帰ると、すぐに神社の前で遊び始めます。",
        "駅前の小さな店では、昔ながらの味噌と豆腐を売っています。",
        "冬の夜は静かで、遠くから電車の音だけが聞こえてきます。",
        "母は畑で採れた野菜を使って、温かい汁物を作ってくれました。",
    ),
    "de": (
        "Am frühen Morgen liegt der Nebel noch über den Feldern, und die Kühe stehen am Zaun.",
        "Der alte Bahnhof ist schon lange geschlossen, aber die Uhr zeigt immer noch die Zeit.",
        "Im Herbst sammeln die Kinder Kastanien und verkaufen sie auf dem Markt.",
        "Die Nachbarin erzählt gern, wie sie als Mädchen mit dem Rad bis ans Meer gefahren ist.",
        "Wenn der Schnee schmilzt, steigt der Fluss und die unteren Wiesen stehen unter Wasser.",
        "Der Bäcker kennt jeden im Dorf und weiß immer, wer gerade krank ist.",
    ),
}


def foreign(language: str, random: Random) -> Text:
    """Two paragraphs in French, Russian, Japanese or German."""
    sentences = list(FOREIGN[language])
    random.shuffle(sentences)
    space = "" if language == "ja" else " "
    return sentences[0][:30], (space.join(sentences[:3]), space.join(sentences[3:]))


def lorem_ipsum(article: Article, random: Random) -> Text:
    """Filler Latin that a template left behind, under an opening that somebody did write."""
    words = [random.choice(_LATIN.split("|")) for _ in range(20)]
    filler = f"{_FILLER} {' '.join(words).capitalize()}."
    return article.title, [*article.paragraphs[:-1], filler]


def keyword_spam(article: Article, random: Random) -> Text:
    """Advertising words in rows."""
    words = _SPAM[article.base_language].split("|")
    rows = [" ".join(random.choice(words) for _ in range(30)) for _ in range(8)]
    return words[0], rows


def mojibake(article: Article, random: Random) -> Text:
    """UTF-8 that was read as Latin-1 and saved again."""
    del random
    return article.title, [_misread(text) for text in article.paragraphs]


def code_diff(article: Article, random: Random) -> Text:
    """A commit as a site for code shows it: a message, and changes file by file."""
    lines = [article.paragraphs[0]]
    for number in range(1, 40):
        if number % 13 == 1:
            lines.append(f"diff --git a/src/part{number}.c b/src/part{number}.c")
            lines.append(f"@@ -{number * 10},7 +{number * 10},9 @@ static int step_{number}(void)")
        sign = random.choice("+-  ")
        comment = random.choice(_COMMENTS)
        lines.append(
            f"{sign}    value_{number} = compute({random.randint(0, 999)}); /* {comment} */"
        )
    return f"{article.title} (diff)", lines


def navigation_dump(article: Article, random: Random) -> Text:
    """Menu entries, one a line."""
    words = _MENU[article.base_language].split("|")
    return words[0], [f"{random.choice(words)} {random.choice(words)}" for _ in range(60)]


def too_short(article: Article, random: Random) -> Text:
    """Half a sentence."""
    del random
    return article.title, [article.paragraphs[0][:20]]


def repeated_sentence(article: Article, random: Random) -> Text:
    """The same few sentences thirty times in one paragraph."""
    space = " " if article.language == "en" else ""
    return article.title, [space.join([article.paragraphs[0]] * random.randint(25, 35))]


def template_remains(article: Article, random: Random) -> Text:
    """A page whose place holders were never filled, beside text that was."""
    rows = [
        f"{{{{item.name{random.randint(1, 99)}}}}} - {{{{item.price | currency}}}}"
        for _ in range(6)
    ]
    return "{{page.title}}", [*article.paragraphs, *rows]


def shuffled_words(article: Article, random: Random) -> Text:
    """Words (characters in Chinese) in no order and without end marks."""
    if article.base_language == "zh":
        units = [c for c in "".join(article.paragraphs) if c.isalnum()]
    else:
        units = " ".join(article.paragraphs).translate(_NO_MARKS).split()
    random.shuffle(units)
    return article.title, [("" if article.base_language == "zh" else " ").join(units)]


def login_wall(article: Article, random: Random) -> Text:
    """A prompt to register where the text should be."""
    del random
    prompts = {
        "zh": [
            "您还没有登录，请先登录或注册后查看全文。",
            "扫码下载客户端，立即注册即可领取新人礼包。",
            "登录 注册 忘记密码",
        ],
        "en": [
            "Please log in or register to read the full article.",
            "Create a free account today and download our app to claim your gift.",
            "Log in. Sign up. Forgot your password?",
        ],
    }
    return article.title, prompts[article.base_language]


FAULTS: Mapping[str, Callable[[Article, Random], Text]] = {
    "lorem_ipsum": lorem_ipsum,
    "keyword_spam": keyword_spam,
    "mojibake": mojibake,
    "code_diff": code_diff,
    "navigation_dump": navigation_dump,
    "too_short": too_short,
    "repeated_sentence": repeated_sentence,
    "template_remains": template_remains,
    "shuffled_words": shuffled_words,
    "login_wall": login_wall,
}
"""Every fault by its kind."""


def _misread(text: str) -> str:
    return text.encode().decode("latin-1")
