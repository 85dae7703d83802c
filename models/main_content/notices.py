"""Blocks that say of themselves that they are no part of a text: notices, and lines that offer."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

import numpy as np

from models.main_content.layout import Vector
from models.main_content.phrases import MENTIONS, Mention, pattern
from models.main_content.reading.blocks import Blocks
from models.main_content.wholes import Chosen
from models.text.traditional import simplify

MAX_CHARS = 500
MAX_SHARE = 0.5
"""Of a text that notices are: more of them are what the page is there for."""
MIN_LINKED = 0.4

_NOTICE, _OFFER, _SUBJECT = pattern("notices"), pattern("offers"), pattern("subjects")
_ENGLISH_NOTICE = pattern("notices", in_english=True)
_POSTER = pattern("posters")
_ENGLISH_MENTIONS = tuple(mention for mention in MENTIONS if mention.word.isascii())
"""Others are looked for on Chinese pages alone, as are notices in Chinese."""
_RULE = re.compile(r"_{8,}")
"""What forums draw between a post and the signature of who wrote it."""
_RULE_OR_DASHES = re.compile(r"_{8,}|-{10,}")
"""So did boards that have no classes yet; on others dashes part a post from what it quotes."""
MAX_SIGNATURE_CHARS = 400
MAX_POSTER_CHARS = 130
MIN_LABELS = 2
"""What is said of several posters of a thread: articles may have a list of places alone."""
_LABEL = re.compile(r"[^\W\d][^:：]{1,20}(?=[:：])")


def is_notice(
    text: str,
    *,
    is_linked: bool = False,
    mentions: Sequence[Mention] = MENTIONS,
    notice: re.Pattern[str] = _NOTICE,
) -> bool:
    """Whether a block is a notice or, where links are much of it, offers another page.

    ``text`` is in lower case; ``mentions`` are those whose words it may have, ``notice`` what is
    looked for besides.

    >>> is_notice("责任编辑：王小明"), is_notice("editors are people.")
    (True, False)
    """
    if notice.fullmatch(text) or (is_linked and _OFFER.fullmatch(text)):
        return True
    return any(word in text and said.fullmatch(text) for word, said in mentions)


def leave_out_notices(
    chosen: Chosen, words: Vector, blocks: Blocks, title: str, *, in_forum: bool = False
) -> Chosen:
    """The choice without notices, unless these are what the page is about.

    Nor what stands below a line that forums draw, and on forums what is said of posters.
    """
    if _SUBJECT.search(simplify(title.lower())):
        return chosen
    result, is_linked = chosen.copy(), blocks.link_chars >= MIN_LINKED * blocks.sizes
    places = np.flatnonzero(chosen & (blocks.sizes <= MAX_CHARS) & ~blocks.is_written).tolist()
    texts = [blocks.folded(place) for place in places]
    whole = "\n".join(texts)
    known, notice = (
        (MENTIONS, _NOTICE) if blocks.is_chinese else (_ENGLISH_MENTIONS, _ENGLISH_NOTICE)
    )
    mentions = [mention for mention in known if mention.word in whole]
    for place, text in zip(places, texts, strict=True):
        linked = bool(is_linked[place])
        result[place] = not is_notice(text, is_linked=linked, mentions=mentions, notice=notice)
    is_thread = not in_forum and any(map(_label_of, texts)) and _is_thread(blocks)
    if is_thread or in_forum:
        posters = map(_is_of_poster, texts)
        result[[place for place, is_one in zip(places, posters, strict=True) if is_one]] = False
    rule = _RULE_OR_DASHES if is_thread else _RULE
    for place, text in zip(places, texts, strict=True):
        if text.startswith(("_", "-")) and rule.fullmatch(text):
            result[place : _end_of_signature(place, blocks)] = False
    return result if words @ result >= MAX_SHARE * (words @ chosen) else chosen


def _is_of_poster(text: str) -> bool:
    return len(text) <= MAX_POSTER_CHARS and _POSTER.fullmatch(text) is not None


def _label_of(text: str) -> str | None:
    """What is said of a poster, as "joined", if that is what a block does."""
    label = _LABEL.match(text)
    return label.group() if label and _is_of_poster(text) else None


def _is_thread(blocks: Blocks) -> bool:
    """Whether a page says the same two things of several posters, be they text or not."""
    places = np.flatnonzero(blocks.sizes <= MAX_POSTER_CHARS).tolist()
    labels = Counter(label for place in places if (label := _label_of(blocks.folded(place))))
    return sum(count > 1 for count in labels.values()) >= MIN_LABELS


def _end_of_signature(rule: int, blocks: Blocks) -> int:
    """Behind what follows a rule in its element, if that is no more than a poster signs with."""
    others = np.flatnonzero(blocks.node[rule:] != blocks.node[rule])
    end = rule + int(others[0]) if len(others) else len(blocks)
    is_short = blocks.sizes[rule + 1 : end].sum() <= MAX_SIGNATURE_CHARS
    return end if is_short else rule + 1
