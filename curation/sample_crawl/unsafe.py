"""Pages that sell bets or sex, or shout abuse, at addresses that give nothing away."""

from __future__ import annotations

from html import escape
from random import Random

from curation.sample_crawl.pages import Maker, SamplePage, html_page
from curation.sample_crawl.scenes import Teller, load_scenes

LINES = 6
HOSTS = {"adult": "evening-lounge", "gambling": "grand-harbour", "offence": "plain-words"}


def unsafe(subject: str) -> Maker:
    """Pages on one of the subjects of ``scenes.Unsafe``, Chinese if even."""

    def make(seed: int, number: int, draw: Random) -> SamplePage:
        language = "en" if number % 2 else "zh"
        [scene] = [one for one in load_scenes(language).unsafe if one.subject == subject]
        teller = Teller(language, f"{seed}/{subject}/{number}")
        lines = [teller.say(line) for line in draw.sample(scene.lines, LINES)]
        space = "" if language == "zh" else " "
        text = "\n".join(
            f"<p>{escape(space.join(lines[start : start + 2]), quote=False)}</p>"
            for start in range(0, len(lines), 2)
        )
        title = teller.say(draw.choice(scene.title))
        body = f'<div class="content"><h1>{escape(title)}</h1>\n{text}\n</div>'
        url = f"https://www.{HOSTS[subject]}.example/{language}/{number}.html"
        return html_page(subject, title, body, language, url)

    return make
