"""The HTML that sites put around their articles."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

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


def hanging_body(article: Article, spans: int) -> str:
    """An article followed by one paragraph of endless inline tags.

    trafilatura 2.3.1 joins the texts between stripped tags one by one, each time copying all it
    has: 60,000 tags take it more than 45 s where 6,000 take less than one.
    """
    text = "\n".join(f"<p>{escape(paragraph, quote=False)}</p>" for paragraph in article.paragraphs)
    word = "字" if article.base_language == "zh" else "word"
    endless = f"<p>{f'<b>{word}</b> and ' * spans}</p>"
    return f"<article><h1>{escape(article.title)}</h1>\n{text}\n{endless}</article>"
