"""Put a placeholder in the place of each item, and keep an account of it."""

from __future__ import annotations

from collections.abc import Sequence

from schemas.verdict import Edit
from stages.privacy.kinds import PLACEHOLDERS, PersonalData, hide


def mask(text: str, items: Sequence[PersonalData]) -> tuple[str, tuple[Edit, ...]]:
    r"""The text with placeholders for the items, and an edit for each.

    ``items`` are in order and do not overlap. An edit has the number of the line, the kind as its
    reason and the value with its inner letters and digits hidden: an account of personal data must
    not become a list of it.

    >>> from stages.privacy.finding import find
    >>> text = "Write:\njane@site.org"
    >>> mask(text, find(text))
    ('Write:\n[email address]', (Edit(line=1, text='ja**@****.*rg', reason='email_address'),))
    """
    pieces: list[str] = []
    edits: list[Edit] = []
    line = done = 0
    for item in items:
        line += text.count("\n", done, item.start)
        pieces += [text[done : item.start], PLACEHOLDERS[item.kind]]
        edits.append(Edit(line, hide(text[item.start : item.end]), str(item.kind)))
        done = item.end
    return "".join([*pieces, text[done:]]), tuple(edits)
