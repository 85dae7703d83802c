"""The page around a player: what it shows, who made it, what people say, what comes next."""

from __future__ import annotations

from html import escape
from random import Random

from curation.sample_crawl.pages import HOSTS, SamplePage, html_page
from curation.sample_crawl.scenes import Teller, Video, VideoLabels, load_scenes

NEXT = 8


def video(seed: int, number: int, draw: Random) -> SamplePage:
    """The ``number``-th video, Chinese if even."""
    language = "en" if number % 2 else "zh"
    scenes = load_scenes(language)
    scene = scenes.video[number // 2 % len(scenes.video)]
    teller = Teller(language, f"{seed}/video/{number}", scene.bind)
    title = teller.say(draw.choice(scene.title))
    labels = scenes.video_page
    comments = [teller.say(text) for text in draw.sample(scene.comment, draw.randint(2, 5))]
    about = "".join(f"<p>{escape(teller.say(line), quote=False)}</p>" for line in scene.about)
    body = (
        f'{player(title, teller, labels, draw)}\n<div class="about">{about}'
        f"<button>{labels.more}</button></div>\n"
        f'<div class="comments"><h3>{teller.say(labels.comments)}</h3>'
        + "".join(
            f'<div class="comment"><b>{escape(teller.say("{nick}"))}</b> '
            f"<p>{escape(comment, quote=False)}</p></div>"
            for comment in comments
        )
        + f"</div>\n{upnext(scenes.video, labels, seed, number, language, draw)}"
    )
    url = f"https://v.{HOSTS[language][2]}.example/play/{70_000 + number}.html"
    return html_page("video", f"{title} - {teller.say(labels.site)}", body, language, url)


def player(title: str, teller: Teller, labels: VideoLabels, draw: Random) -> str:
    """The player with its controls, title, views, uploader and buttons."""
    length = f"{draw.randint(2, 25)}:{draw.randint(10, 59)}"
    quality = "".join(f"<li>{name}</li>" for name in labels.quality)
    return (
        f'<div class="player"><video src="/v/{draw.randint(1000, 9999)}.mp4" poster="/p.jpg"'
        f' controls></video><span class="time">0:00 / {length}</span>'
        f'<ul class="quality">{quality}</ul></div>\n<h1>{escape(title)}</h1>\n'
        f'<div class="stats">{teller.say(labels.views)}</div>'
        f'<div class="uploader"><a href="/up">{escape(teller.say(labels.uploader))}</a></div>'
        f'<div class="buttons">{labels.buttons}</div>'
    )


def upnext(
    videos: tuple[Video, ...],
    labels: VideoLabels,
    seed: int,
    number: int,
    language: str,
    draw: Random,
) -> str:
    """Other videos with their lengths and views."""
    rows = []
    for place in range(NEXT):
        scene = draw.choice(videos)
        teller = Teller(language, f"{seed}/video/{number}/next/{place}", scene.bind)
        rows.append(
            f'<li><a href="/play/{draw.randint(1000, 9999)}.html">'
            f"{escape(teller.say(draw.choice(scene.title)))}</a> "
            f"<span>{draw.randint(1, 59)}:{draw.randint(10, 59)}</span> "
            f"<span>{teller.say(labels.next_views)}</span></li>"
        )
    return (
        f'<aside class="next"><h3>{labels.upnext}</h3><label>{labels.autoplay}'
        f'<input type="checkbox"></label><ul>{"".join(rows)}</ul></aside>'
    )
