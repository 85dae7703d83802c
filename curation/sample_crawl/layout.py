"""The HTML that sites put around their articles, and pages that are no articles at all."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from random import Random

from curation.sample_crawl.grammar import Article

MENU = {
    "zh": ("首页", "新闻", "百科", "生活", "论坛", "关于我们", "联系方式"),
    "en": ("Home", "News", "Guides", "Living", "Forum", "About us", "Contact"),
}
FOOTER = {
    "zh": "版权所有 © 2024 保留所有权利 网站地图 隐私政策",
    "en": "Copyright © 2024. All rights reserved. Site map. Privacy policy.",
}
SUBSCRIBE = {
    "zh": "欢迎关注本站，每天获取更多精选文章，转载请注明出处。",
    "en": "Thank you for reading; subscribe to our free weekly letter for more stories like this.",
}
"""The last paragraph of most articles, inside the article itself: line deduplication's prey."""


def document(
    title: str, body: str, *, language: str, host: str, charset: str = "utf-8", lang: str = ""
) -> str:
    """A whole page around ``body``: head, menu, footer and a little script."""
    menu = "".join(
        f'<li><a href="/{number}/">{item}</a></li>' for number, item in enumerate(MENU[language])
    )
    return (
        f'<!DOCTYPE html>\n<html lang="{lang or language}">\n<head>\n<meta charset="{charset}">\n'
        f"<title>{escape(title)} - {host}</title>\n"
        "<style>body{margin:0 auto;max-width:60em}</style>\n"
        "<script>window.dataLayer=window.dataLayer||[];</script>\n</head>\n<body>\n"
        f'<header><nav class="menu"><ul>{menu}</ul></nav></header>\n{body}\n'
        f'<footer class="footer"><p>{FOOTER[language]}</p></footer>\n</body>\n</html>\n'
    )


def article_body(article: Article, *, subscribe: bool, style: int) -> str:
    """An article in one of three styles of markup; ``subscribe`` adds the shared last line."""
    paragraphs = [escape(text, quote=False) for text in article.paragraphs]
    if subscribe and article.language in SUBSCRIBE:
        paragraphs.append(SUBSCRIBE[article.language])
    text = "\n".join(f"<p>{paragraph}</p>" for paragraph in paragraphs)
    title = escape(article.title)
    if style == 0:
        return f'<main><article class="post"><h1>{title}</h1>\n{text}\n</article></main>'
    if style == 1:
        return f'<div id="content" class="article-content"><h1>{title}</h1>\n{text}\n</div>'
    return (
        f'<div class="wrapper"><div class="main"><h2 class="entry-title">{title}</h2>\n'
        f'<div class="entry-content">\n{text}\n</div></div>\n'
        '<aside class="sidebar"><ul><li><a href="/a">1</a></li><li><a href="/b">2</a></li></ul>'
        "</aside></div>"
    )


def text_body(title: str, paragraphs: Sequence[str]) -> str:
    """Paragraphs as they are, for pages whose fault is in their text."""
    text = "\n".join(f"<p>{escape(paragraph, quote=False)}</p>" for paragraph in paragraphs)
    return f"<article><h1>{escape(title)}</h1>\n{text}\n</article>"


def list_body(titles: Sequence[str]) -> str:
    """An index page: nothing but links."""
    items = "\n".join(
        f'<li><a href="/item/{number}.html">{escape(title)}</a></li>'
        for number, title in enumerate(titles)
    )
    return f'<div class="list"><ul>\n{items}\n</ul></div>'


def forum_body(title: str, posts: Sequence[tuple[str, str]], language: str) -> str:
    """A thread: a question and short answers by many people."""
    reply = {"zh": "回复 引用 举报", "en": "Reply Quote Report"}[language]
    blocks = "\n".join(
        f'<div class="post" id="p{number}"><div class="author">{escape(author)} #{number}</div>'
        f'<div class="message"><p>{escape(text)}</p></div><div class="tools">{reply}</div></div>'
        for number, (author, text) in enumerate(posts, 1)
    )
    return f'<div class="forum thread"><h1>{escape(title)}</h1>\n{blocks}\n</div>'


def video_body(title: str, language: str, random: Random) -> str:
    """A player, a line about it, and what else could be watched."""
    views = {"zh": "次播放 · 点赞 · 收藏 · 分享", "en": "views · Like · Save · Share"}[language]
    upnext = {"zh": "接下来播放", "en": "Up next"}[language]
    others = "".join(
        f'<li><a href="/v/{random.randint(1000, 9999)}">{escape(title)} ({part})</a> '
        f"{random.randint(1, 59)}:{random.randint(10, 59)}</li>"
        for part in range(2, 9)
    )
    return (
        f'<div class="player"><video src="/v/{random.randint(1000, 9999)}.mp4" controls></video>'
        f"</div><h1>{escape(title)}</h1><p>{random.randint(100, 99999)} {views}</p>"
        f"<h3>{upnext}</h3><ul>{others}</ul>"
    )


def tool_body(language: str, random: Random) -> str:
    """A form that looks up a bus line or converts units."""
    words = {
        "zh": ("公交线路查询", "起点", "终点", "查询", "请输入起点和终点，点击查询按钮。"),
        "en": ("Route finder", "From", "To", "Search", "Enter a start and a stop, then search."),
    }[language]
    options = "".join(f"<option>{random.randint(1, 400)}</option>" for _ in range(30))
    return (
        f"<h1>{words[0]}</h1><form action='/search'><label>{words[1]}</label>"
        f"<input name='a'><label>{words[2]}</label><input name='b'><select>{options}</select>"
        f"<button>{words[3]}</button></form><p>{words[4]}</p>"
    )


def hanging_body(article: Article, spans: int) -> str:
    """An article followed by one paragraph of endless inline tags.

    trafilatura 2.3.1 joins the texts between stripped tags one by one, each time copying all it
    has: 60,000 tags take it more than 45 s where 6,000 take less than one.
    """
    text = "\n".join(f"<p>{escape(paragraph, quote=False)}</p>" for paragraph in article.paragraphs)
    word = "字" if article.base_language == "zh" else "word"
    endless = f"<p>{f'<b>{word}</b> and ' * spans}</p>"
    return f"<article><h1>{escape(article.title)}</h1>\n{text}\n{endless}</article>"
