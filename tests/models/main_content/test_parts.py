import numpy as np
import pytest

from models.main_content.layout import number_pairs
from models.main_content.parts import keep_parts
from models.main_content.posts import is_forum
from models.main_content.reading.blocks import read_blocks
from stages.extract.html import parse

BEFORE, BEHIND = "Ring the surgery at once if you notice:", "Most people are well by the evening."
SIGNS = ["weakness of one hand", "slurred speech"]
LIST = f"<ul>{''.join(f'<li>{sign}' for sign in SIGNS)}</ul>"


def kept(html, likely, *, probability=0.3, is_product=False):
    """What is kept if the trees choose the blocks of ``likely`` and doubt all others."""
    blocks, nodes = read_blocks(parse(f"<html><body>{html}</body></html>"))
    texts = blocks.texts
    chosen = np.array([text in likely for text in texts])
    words = np.array([float(len(text.split())) for text in texts])
    likelihood = np.where(chosen, 0.9, probability)
    group = number_pairs(nodes.parent, nodes.kinds)
    of_page = {"is_product": is_product, "in_forum": is_forum(nodes)}
    result = keep_parts(chosen, likelihood, words, group, blocks, nodes, **of_page)
    return [text for text, stays in zip(texts, result, strict=True) if stays]


def text(middle, title="<h1>Dizziness</h1><p>It passes by itself.</p>"):
    return f"<div>{title}<p>{BEFORE}</p>{middle}<p>{BEHIND}</p></div><p>foot</p>"


CHOSEN = {"Dizziness", "It passes by itself.", BEFORE, BEHIND}


def added(html, **options):
    return [part for part in kept(html, CHOSEN, **options) if part not in CHOSEN]


@pytest.mark.parametrize("depth", [0, 4])
def test_a_list_between_blocks_of_the_text_is_part_of_it(depth):
    assert added(text("<div>" * depth + LIST + "</div>" * depth)) == SIGNS


@pytest.mark.parametrize(
    "middle",
    [
        "<div>" * 6 + LIST + "</div>" * 6,
        f"{LIST}<p><a href=/2>a link</a></p>",
        f"{LIST}<button>Copy</button>",
        f"<p>{'one more word ' * 80}</p>",
    ],
)
def test_what_stands_deep_or_has_links_buttons_or_many_words_is_none(middle):
    assert added(text(middle)) == []


def test_copies_and_what_is_unlikely_stay_out():
    assert added(text(LIST), probability=0.0) == []
    assert added(text(LIST), probability=0.1) == []


def test_what_follows_a_title_is_who_wrote_the_text_and_when():
    byline = "<h1>Dizziness</h1><p>By Ann Lee, 3 May 2019</p>"
    assert added(text(LIST, title=byline)) == SIGNS


def test_labels_beside_code_are_none():
    code = "<pre>dose = 5\nprint(dose)</pre>"
    assert kept(f"<p>{BEFORE}</p><p>python</p>{code}", {BEFORE, "dose = 5 print(dose)"}) == [
        BEFORE, "dose = 5 print(dose)",
    ]  # fmt: skip


def test_between_the_posts_of_a_thread_stands_what_is_no_text():
    assert added(f"<div class=thread>{text(LIST)}</div>") == []


def post(text, name="post"):
    return f"<div class={name}><i>{text[:3]}</i><div class=body><p>{text}</p></div></div>"


def test_a_reply_is_text_if_most_others_are():
    posts = ["The valve drips at five bar.", "New springs are in the shop.", "Thank you all!"]
    thread = f"<div class=topic>{''.join(map(post, posts))}</div>"
    assert kept(thread, posts[:2]) == posts
    assert kept(thread, posts[:2], probability=0.25) == posts[:2]
    assert kept(thread, posts[:1]) == posts[:1]
    assert kept(thread.replace("class=body", ""), posts[:2]) == posts[:2]


def test_what_a_chosen_heading_begins_is_text_too_but_not_on_pages_of_products():
    html = f"<div><p>{BEFORE}</p><h2>Advice</h2><p>Lie down.</p><h2>More</h2><p>Links</p></div>"
    assert kept(html, {BEFORE, "Advice"}) == [BEFORE, "Advice", "Lie down."]
    assert kept(html, {BEFORE, "Advice"}, is_product=True) == [BEFORE, "Advice"]
    links = html.replace("Lie down.", "<a href=/2>Lie down.</a>")
    assert kept(links, {BEFORE, "Advice"}) == [BEFORE, "Advice"]


def field(name, value):
    return f"<div class='field {name}'><b>{name}</b> <span>{value}</span></div>"


def test_elements_of_a_class_are_text_if_most_beside_them_are():
    fields = [
        ("medium", "brass and oak"),
        ("maker", "Kettering and Lowe of Hull"),
        ("use", "tides"),
    ]
    html = "".join(field(*one) for one in [*fields, ("place", "Hull")]) + "<div class=b>Share</div>"
    texts = [" ".join(one) for one in fields]
    assert kept(html, texts[1:]) == [*texts, "place Hull"]
    assert kept(html, texts[1:2]) == texts[1:2]


def test_nothing_is_added_to_nothing():
    assert kept(text(LIST), set()) == []
