"""All personal data in a text, in one pass over its characters."""

from __future__ import annotations

import re

from stages.privacy.addresses import find_emails, match_ip_address
from stages.privacy.context import Context
from stages.privacy.digits import match_bank_card, match_id_number
from stages.privacy.kinds import PersonalData, PersonalDataKind
from stages.privacy.phones import match_phone

_START = re.compile(  # one class first: the search skips to its characters
    r"[0-9+(](?<![0-9A-Za-z_=&#%\-].)(?<![0-9][.,:].)(?<![A-Za-z]/.)"
    r"(?=(?:[ ().\-—–）]{0,2}[0-9]){6}|[0-9]{0,2}\.[0-9]{1,3}\.[0-9]"
    r"|[0-9A-Fa-f]{3}:[0-9A-Fa-f:]{2})"
)
_FULL_WIDTH = re.compile("[０-９＠]")
_TO_ASCII = {ord("＠"): "@"} | {ord("０") + digit: str(digit) for digit in range(10)}


def find(text: str) -> list[PersonalData]:
    """Every item in order, none over another; empty for a text without digits and "@".

    A number is judged where it starts, by its own form and check digits, and by the words before
    it: what is called an order, serial or book number is none of ours, nor is a number within a
    URL, IP addresses apart. Full-width digits count as digits. Time is linear in the text.
    """
    if _FULL_WIDTH.search(text):
        text = text.translate(_TO_ASCII)
    found = find_emails(text)
    end = 0
    for start in _START.finditer(text):
        place = start.start()
        if place >= end and (item := _match_number(text, place)):
            found.append(item)
            end = item.end
    return _apart(found)


def _match_number(text: str, start: int) -> PersonalData | None:
    """The number that starts here, of the first kind that it fits."""
    context = Context(text, start)
    if end := match_ip_address(text, start, context):
        return PersonalData(PersonalDataKind.IP_ADDRESS, start, end)
    if end := match_id_number(text, start, context):
        return _unless_other(PersonalData(PersonalDataKind.ID_NUMBER, start, end), context)
    if end := match_bank_card(text, start, context):
        return _unless_other(PersonalData(PersonalDataKind.BANK_CARD, start, end), context)
    if end := match_phone(text, start, context):
        return _unless_other(PersonalData(PersonalDataKind.PHONE_NUMBER, start, end), context)
    return None


def _unless_other(item: PersonalData, context: Context) -> PersonalData | None:
    """The item, or None if what stands around says that it is something else."""
    if context.is_in_url:
        return None
    if item.kind is PersonalDataKind.ID_NUMBER or context.announces_phone:
        return item
    return None if context.announces_other or context.counts_units(item.end) else item


def _apart(items: list[PersonalData]) -> list[PersonalData]:
    """The items in order; of two that overlap the earlier one stays."""
    apart: list[PersonalData] = []
    for item in sorted(items, key=lambda item: (item.start, -item.end)):
        if not apart or item.start >= apart[-1].end:
            apart.append(item)
    return apart
