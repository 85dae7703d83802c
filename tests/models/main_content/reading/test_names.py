import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import html

from models.main_content.heads import CALLS
from models.main_content.reading.asides import TOOLS
from models.main_content.reading.listings import GUTTERS, LISTINGS
from models.main_content.reading.names import (
    MAY_BE_CODE,
    MAY_EDIT,
    MAY_UNFOLD,
    NAMES,
    first_classes,
    names_in,
    names_of_page,
)
from models.main_content.reading.page_elements import read_elements
from models.main_content.reading.styles import is_unfolding
from models.main_content.trie import make_trie

PARTS = [name for pattern in NAMES.values() for name in pattern.replace(r"\b", "").split("|")]


def bits_of(label):
    """The bits of a class as they are found in a page."""
    element = html.Element("p")
    element.set("class", label)
    page = read_elements(element)
    return int(names_of_page(page)[page.values[0, 0]])


@given(st.lists(st.sampled_from([*PARTS, "ad", "-", "_", " ", "1", "X", "é", "&", "<", "\n"])))
def test_the_names_in_a_page_are_those_of_the_patterns(parts):
    label = "".join(parts)
    assert bits_of(label) & ((1 << len(NAMES)) - 1) == names_in(label)


@pytest.mark.parametrize(
    "label", ["x" * 299 + "nav", "x" * 297 + "nav", "&" * 299 + "nav", "é nav"]
)
def test_names_are_looked_for_in_the_first_characters(label):
    assert bits_of(label) & ((1 << len(NAMES)) - 1) == names_in(label)


@pytest.mark.parametrize("label", sorted(LISTINGS | GUTTERS))
def test_every_class_of_code_is_looked_at_more_closely(label):
    assert bits_of(label.upper()) & MAY_BE_CODE


@pytest.mark.parametrize("label", sorted(TOOLS | {"lang", "code-lang"}))
def test_every_class_of_a_tool_is_looked_at_more_closely(label):
    assert bits_of(label) & MAY_EDIT


@pytest.mark.parametrize(
    "label",
    [
        "accordion", "collapsed", "tab 1", "my-tab", "tab-x", "faq", "toggle", "panel", "answer",
        "expanded", "slides", "carousel", "readmore", "Read-More", "x" * 400 + " faq",
    ],
)  # fmt: skip
def test_every_name_of_what_unfolds_is_looked_at_more_closely(label):
    assert is_unfolding(label)
    assert bits_of(label) & MAY_UNFOLD


def test_first_classes_lose_their_digits_and_nothing_moves():
    labels = ["post-12 wide", "", " ", "12", "a1b2"]
    assert first_classes(labels) == ["post-", "", "", "", "ab"]


@pytest.mark.parametrize("call", CALLS.split("|"))
def test_the_trie_leads_to_every_alternative(call):
    letters, following, ends = make_trie([CALLS], 0x10000)
    node = 0
    for char in call.upper():
        node = following[node, letters[ord(char)]]
        if ends[node, 0]:
            break
    assert ends[node, 0] == 1
    assert re.search(CALLS, call)
