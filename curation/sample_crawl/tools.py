"""Pages with a form that computes, and a few words on how to use it."""

from __future__ import annotations

from html import escape
from random import Random

from curation.sample_crawl.pages import HOSTS, SamplePage, html_page
from curation.sample_crawl.scenes import Teller, Tool, load_scenes


def tool(seed: int, number: int, draw: Random) -> SamplePage:
    """The ``number``-th tool, Chinese if even."""
    language = "en" if number % 2 else "zh"
    tools = load_scenes(language).tool
    scene = tools[number // 2 % len(tools)]
    teller = Teller(language, f"{seed}/tool/{number}")
    others = draw.sample([other for other in tools if other is not scene], 5)
    links = "".join(f'<li><a href="/t/{other.name}">{other.name}</a></li>' for other in others)
    how = "\n".join(f"<p>{escape(teller.say(text), quote=False)}</p>" for text in scene.how)
    body = (
        f'<div class="tool"><h1>{scene.name}</h1>\n{form(scene)}\n<div class="how">\n{how}\n</div>'
        f'</div>\n<aside class="more"><ul>{links}</ul></aside>'
    )
    url = f"https://tool.{HOSTS[language][3]}.example/lookup/{number}"
    return html_page("tool", scene.name, body, language, url)


def form(scene: Tool) -> str:
    """A field to type into, two lists to choose from, two buttons and a place for the result."""
    first, *others = scene.fields
    options = "".join(f"<option>{option}</option>" for option in scene.options)
    lists = "".join(
        f'<label>{field} <select name="f{place}">{options}</select></label>'
        for place, field in enumerate(others)
    )
    return (
        f'<form action="/compute" method="get"><label>{first} <input name="value" type="text">'
        f'</label>{lists}<label><input type="checkbox" name="round"></label>'
        f'<button type="submit">{scene.button}</button><button type="reset">×</button>'
        f'<input class="result" readonly value=""></form>'
    )
