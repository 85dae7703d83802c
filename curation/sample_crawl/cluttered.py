"""Good articles with what sites put between and below their paragraphs."""

from __future__ import annotations

from html import escape
from random import Random

from curation.sample_crawl.pages import SamplePage, article, article_url, html_page
from curation.sample_crawl.scenes import Teller, load_scenes

FIRST = 150_000
INSIDE, BELOW = 3, 4


def cluttered(seed: int, number: int, draw: Random) -> SamplePage:
    """The ``number``-th article with clutter: lines inside its text, others below it."""
    text, url = article(seed, FIRST + number), article_url(seed, FIRST + number)
    clutter = load_scenes(text.base_language).clutter
    teller = Teller(text.base_language, f"{seed}/cluttered/{number}")
    titles = [
        article(seed, FIRST + 20_000 + 2 * draw.randrange(5_000) + number % 2).title
        for _ in range(9)
    ]

    def line(template: str) -> str:
        return f"<p>{escape(teller.say(template, title=draw.choice(titles)), quote=False)}</p>"

    blocks = [f"<p>{escape(paragraph, quote=False)}</p>" for paragraph in text.paragraphs]
    for template in draw.sample(clutter.inside, INSIDE):
        blocks.insert(draw.randrange(1, len(blocks)), line(template))
    blocks += [line(template) for template in draw.sample(clutter.below, BELOW)]
    body = f'<div class="content"><h1>{escape(text.title)}</h1>\n' + "\n".join(blocks) + "\n</div>"
    return html_page("cluttered", text.title, body, text.base_language, url)
