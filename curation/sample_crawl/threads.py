"""A thread of a board: a question, answers by many people who quote each other, and thanks."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from random import Random

from curation.sample_crawl.pages import HOSTS, SamplePage, html_page
from curation.sample_crawl.scenes import ForumLabels, Teller, load_scenes

MIN_REPLIES, MAX_REPLIES = 6, 11
QUOTING_SHARE = 0.3


@dataclass(frozen=True)
class Post:
    """Who said what, and whom it quotes: a line about the other and the other's words."""

    author: str
    text: str
    quoted: tuple[str, str] | None = None


def thread(seed: int, number: int, draw: Random) -> SamplePage:
    """The ``number``-th thread, Chinese if even."""
    language = "en" if number % 2 else "zh"
    scenes = load_scenes(language)
    scene = scenes.thread[number // 2 % len(scenes.thread)]
    teller = Teller(language, f"{seed}/thread/{number}", scene.bind)
    title = teller.say(draw.choice(scene.title))
    asker = teller.say("{nick}")
    posts = [Post(asker, teller.say(draw.choice(scene.question)))]
    for reply in draw.sample(scene.reply, draw.randint(MIN_REPLIES, MAX_REPLIES)):
        quoted = None
        if draw.random() < QUOTING_SHARE:
            quoted = teller.say(scenes.forum.said), draw.choice(posts).text
        posts.append(Post(teller.say("{nick}"), teller.say(reply), quoted))
    posts.append(Post(asker, teller.say(draw.choice(scene.thanks))))
    body = thread_body(title, scene.board, posts, teller, scenes.forum)
    url = f"https://bbs.{HOSTS[language][1]}.example/thread-{20_000 + number}-1-1.html"
    return html_page("forum", title, body, language, url)


def thread_body(
    title: str, board: str, posts: Sequence[Post], teller: Teller, labels: ForumLabels
) -> str:
    """The board's frame around the posts: the way to it, views, pages, a box for an answer."""
    blocks = "\n".join(_post(place, post, teller, labels) for place, post in enumerate(posts, 1))
    views = teller.say(labels.views, replies=str(len(posts) - 1))
    return (
        f'<div class="crumbs"><a href="/">{labels.home}</a> &raquo; <a href="/b">{board}</a></div>'
        f'\n<div class="forum thread"><h1>{escape(title)}</h1><span class="stats">{views}</span>\n'
        f'<div class="pages">{teller.say(labels.pager)}</div>\n{blocks}\n'
        f'<div class="pages">{teller.say(labels.pager)}</div>\n'
        f'<form class="fastpost" action="/post"><h3>{labels.reply_box}</h3>'
        f'<textarea name="message"></textarea><button>{labels.send}</button></form></div>'
    )


def _post(place: int, post: Post, teller: Teller, labels: ForumLabels) -> str:
    quote = ""
    if post.quoted:
        said, words = post.quoted
        quote = (
            f"<blockquote><cite>{escape(said)}</cite><br>{escape(words, quote=False)}</blockquote>"
        )
    signature = ""
    if place % 3 == 0:
        chosen = labels.signature[place // 3 % len(labels.signature)]
        signature = f'<div class="signature">{escape(teller.say(chosen), quote=False)}</div>'
    return (
        f'<div class="post" id="pid{place}"><div class="author"><a href="/u/{place}">'
        f"{escape(post.author)}</a><p>{teller.say('{rank}')}</p>"
        f"<p>{teller.say(labels.joined)}</p><p>{teller.say(labels.posts)}</p></div>\n"
        f'<div class="postbody"><div class="posthead">#{place} {teller.say("{date} {clock}")}</div>'
        f'{quote}<div class="message">{escape(post.text, quote=False)}</div>{signature}'
        f'<div class="tools">{teller.say(labels.tools)}</div></div></div>'
    )
