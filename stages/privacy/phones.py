"""Telephone numbers: Chinese, North American and Taiwanese forms, and the international one.

A number of the forms that people write is known by its form; one of another form, or without any
mark between its digits, only where the text calls it a telephone. Numbers that a caller does not
pay for (400, 800) are of firms, not of persons, and are left alone.
"""

from __future__ import annotations

import re

from stages.privacy.context import Context

_END = r"(?![0-9A-Za-z_]|[.,][0-9]|-[0-9]|\.(?:html?|jpe?g|png|pdf|gif))"
_EXTENSION = r"(?:(?:-|转|轉| ?ext\.? ?| ?x)[0-9]{1,5})?"
_CHINA = r"(?:(?:\+|00)?86\)?[ -]?)?"
_MOBILE_PREFIX = r"1(?:3[0-9]|4[014-9]|5[0-35-9]|6[2567]|7[0-8]|8[0-9]|9[0-35-9])"
_MOBILE_REST = r"(?:[0-9]{8}|([ -])[0-9]{4}\1[0-9]{4}|[0-9][ -][0-9]{3}[ -][0-9]{4})"
_AREA = r"0(?:10|2[0-57-9]|[3-9][1-9][0-9])"
_LOCAL = r"[2-8][0-9]{2,3}[ -]?[0-9]{4}"
_FORMS = [
    # China: 13812345678, 138 1234 5678, 1381-234-5678
    _CHINA + _MOBILE_PREFIX + _MOBILE_REST,
    # China: 010-62345678, (0755)2345 6789, 021)62345678转801
    rf"(?:{_AREA} ?[-—–] ?|\({_AREA}\) ?-?|{_AREA}[)）] ?){_LOCAL}{_EXTENSION}",
    rf"(?:{_AREA}) (?=[0-9]{{4}}[ -]?[0-9]{{4}}|[0-9]{{7}}){_LOCAL}",
    # North America: (415) 555-2671, 415-555-2671, 1.415.555.2671
    r"(?:\+?1[ .\-]?)?\([2-9][0-9]{2}\) ?[2-9][0-9]{2}[ .\-][0-9]{4}" + _EXTENSION,
    r"(?:\+?1[ .\-])?[2-9][0-9]{2}([.\-])[2-9][0-9]{2}\1[0-9]{4}" + _EXTENSION,
    # Taiwan: 0912-345-678, (02)2345-6789, 02-2345-6789
    r"09[0-9]{2}([ -])[0-9]{3}\1?[0-9]{3}",
    r"(?:\(0[2-8]\) ?|0[2-8]-)[2-9][0-9]{2,3}[ -]?[0-9]{4}",
]
_KNOWN = [re.compile(form + _END) for form in _FORMS]
_COUNTRY = re.compile(r"\+[1-9][0-9]{0,2}|00[1-9][0-9]{0,2}(?=[ \-])")
_GROUP = re.compile(r"[)） .\-]{0,2}\(?[0-9]{1,5}")
_STOP = re.compile(_EXTENSION + _END)
_NAMED = re.compile(
    r"\+?\(?[0-9](?:[ ().\-]{0,2}[0-9]){6,14}" + _EXTENSION + _END + r"(?![ ().\-]{0,2}[0-9])"
)
_TOLL_FREE = re.compile(
    r"(?:\+?1[ .\-]?)?\(?(?:400|8(?:00|22|33|44|55|66|77|88))[) .\-]|[48]00[0-9]{7}(?![0-9])"
)
_DATE = re.compile(r"(?:19|20)[0-9]{2}[ .\-/](?:0?[1-9]|1[0-2])[ .\-/]")
_NOT_DIGIT = re.compile(r"[^0-9]+")
_MIN_DIGITS, _MAX_DIGITS = 9, 15  # of E.164 with the country's code
_COUNTRIES = frozenset(
    map(str, [20, 27, *range(30, 35), 36, 39, 40, 41, *range(43, 50), *range(51, 59)])
) | frozenset(map(str, [*range(60, 67), 81, 82, 84, 86, *range(90, 96), 98]))
_COUNTRY_GROUPS = frozenset(
    map(str, [*range(21, 27), 29, 35, 37, 38, 42, 50, 59, 67, 68, 69, 85, 88, 96, 97, 99])
)
"""The first two digits of codes that have three."""


def match_phone(text: str, start: int, context: Context) -> int:
    """The end of a telephone number at ``start``, or 0."""
    if _TOLL_FREE.match(text, start):
        return 0
    for pattern in _KNOWN:
        found = pattern.match(text, start)
        if found and (context.announces_phone or not context.is_in_row(found.end())):
            return found.end()
    end = _international_end(text, start)
    if end and (text[start] == "+" or not context.is_in_row(end)):
        return end
    found = _NAMED.match(text, start)
    if found and not _DATE.match(text, start) and context.announces_phone:
        return found.end()
    return 0


def _international_end(text: str, start: int) -> int:
    """The end of a number with a country's code: as many groups of digits as one may have, or 0."""
    country = _COUNTRY.match(text, start)
    if not country or not _is_country(country[0].lstrip("+0")):
        return 0
    end, fitting = country.end(), 0
    while group := _GROUP.match(text, end):
        end = group.end()
        digits = len(_NOT_DIGIT.sub("", text[start:end]).lstrip("0"))
        stop = _STOP.match(text, end)
        if stop and _MIN_DIGITS <= digits <= _MAX_DIGITS:
            fitting = stop.end()
        if digits > _MAX_DIGITS:
            break
    return fitting


def _is_country(digits: str) -> bool:
    return digits[:1] in "17" or digits[:2] in _COUNTRIES | _COUNTRY_GROUPS
