"""The kinds of personal data, what stands in their place, and one found item."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum


class PersonalDataKind(StrEnum):
    """What is looked for."""

    EMAIL_ADDRESS = "email_address"
    PHONE_NUMBER = "phone_number"
    ID_NUMBER = "id_number"
    BANK_CARD = "bank_card"
    IP_ADDRESS = "ip_address"


PLACEHOLDERS = {kind: f"[{kind.value.replace('_', ' ')}]" for kind in PersonalDataKind}
"""What a text says in place of an item; the same in every run, and itself no item."""

SHOWN = 2  # characters that stay at either end of a hidden value

_INNER = re.compile(rf"(?<=.{{{SHOWN}}})[^\W_](?=.{{{SHOWN}}})")


@dataclass(frozen=True, slots=True)
class PersonalData:
    """One piece of personal data: its kind, and the half-open range of its characters."""

    kind: PersonalDataKind
    start: int
    end: int


def hide(value: str) -> str:
    """The value as a report may show it: its letters and digits but the outermost are stars.

    >>> hide("jane.doe@a.example"), hide("+86 138")
    ('ja**.***@*.*****le', '+8* *38')
    """
    return _INNER.sub("*", value)
