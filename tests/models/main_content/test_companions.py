import numpy as np
import pytest

from models.main_content.companions import keep_companions
from models.main_content.reading.blocks import read_blocks
from stages.extract.html import parse

TEXT = "The mill stood still that year, and nobody knew why."
CAPTION = "The two doors of the mill were painted alike."


def kept(html, *, is_product=False):
    """What a choice of ``TEXT`` alone becomes."""
    blocks, nodes = read_blocks(parse(f"<html><body>{html}</body></html>"))
    chosen = np.array([block.text == TEXT for block in blocks])
    words = np.array([float(max(len(block.text.split()), len(block.text) / 5)) for block in blocks])
    whole = keep_companions(chosen, words, blocks, nodes, is_product=is_product)
    return [block.text for block, stays in zip(blocks, whole, strict=True) if stays]


@pytest.mark.parametrize(
    "element",
    [
        f"<figure><img><figcaption><span>{CAPTION}</span></figcaption></figure>",
        f"<p class='wp-caption-text'>{CAPTION}</p>",
        f"<div class='photo caption'>{CAPTION}</div>",
        f"<p class=pgc-img-caption>{CAPTION}</p>",
    ],
)
def test_what_is_said_of_a_picture_in_a_text_is_text(element):
    text = f"<p>{TEXT}</p>"
    assert kept(text + element + text) == [TEXT, CAPTION, TEXT]
    assert kept(element + text) == [CAPTION, TEXT]
    assert kept(text + element) == [TEXT]
    assert kept(text + element + text, is_product=True) == [TEXT, TEXT]
    assert kept(f"{element}<p>1</p><p>2</p><p>3</p>{text}") == [TEXT]


@pytest.mark.parametrize(
    "caption",
    [
        "A mill", "Photo by Ann Miller of the Harbour Times and her daughter", "© Getty Images, all of it, for ever and ever",
        "图片来源：港口日报资料室，由读者提供，一九三零年前后", "渔港夜景，港口日报记者王小明二零一二年秋摄", f"<a href=/2>{CAPTION}</a>", CAPTION * 10,
    ],
)  # fmt: skip
def test_a_credit_a_label_a_link_and_a_long_one_are_left_as_they_were(caption):
    text = f"<p>{TEXT}</p>"
    assert kept(f"{text}<figcaption>{caption}</figcaption>{text}") == [TEXT, TEXT]


def test_other_elements_and_a_page_without_text_stay_as_they_are():
    assert kept(f"<p>{TEXT}</p><p class=page-caption-p>{CAPTION}</p><p>{TEXT}</p>") == [TEXT, TEXT]
    assert kept(f"<figcaption>{CAPTION}</figcaption>") == []


def test_what_stands_under_several_pictures_is_no_caption():
    text, caption = f"<p>{TEXT}</p>", f"<figcaption>{CAPTION}</figcaption>"
    assert kept(text + caption + text + caption + text) == [TEXT] * 3


def test_notes_are_of_the_text_before_them_unless_they_are_more_or_links():
    notes = [f"{CAPTION} {number}" for number in "12"]
    box = "<div class=footnotes><ol>{}</ol><a href=/p>Privacy</a></div>".format(
        "".join(f"<li><p>{note}</p></li>" for note in notes)
    )
    text = f"<p>{TEXT}</p>"
    assert kept(text * 2 + box) == [TEXT, TEXT, *notes]
    assert kept(text + box) == [TEXT]
    assert kept(box + text * 2) == [TEXT, TEXT]
