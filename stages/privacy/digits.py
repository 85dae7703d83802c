"""Numbers that carry their own proof: Chinese identity numbers and bank cards.

``match_*`` look at one place of a text and return where the number ends, or 0.
"""

from __future__ import annotations

import re
from calendar import monthrange

from stages.privacy.context import Context

_END = r"(?![0-9A-Za-z_]|[.,\-][0-9])"
_ID_NUMBER = re.compile(r"([1-9][0-9]{5})([ -]?)([0-9]{8})\2([0-9]{3}[0-9Xx])" + _END)
_OLD_ID_NUMBER = re.compile(r"[1-9][0-9]{5}([0-9]{6})[0-9]{3}" + _END)
_CARD = re.compile(
    r"(?:[2-69][0-9]{14,18}"
    r"|[2-6][0-9]{3}([ -])[0-9]{4}\1[0-9]{4}\1[0-9]{4}(?:\1[0-9]{3})?"
    r"|[69][0-9]{5} [0-9]{13}|3[47][0-9]{2}([ -])[0-9]{6}\2[0-9]{5})" + _END
)
_PROVINCES = frozenset(
    [
        *range(11, 16),
        *range(21, 24),
        *range(31, 38),
        *range(41, 47),
        *range(50, 55),
        *range(61, 66),
        71,
        81,
        82,
        83,
    ]
)
_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_CHECK_DIGITS = "10X98765432"
_ISSUERS = (  # first number, lowest and highest, and lengths: Visa, Mastercard, American Express, …
    (4, 4, (16,)),
    (51, 55, (16,)),
    (2221, 2720, (16,)),
    (34, 34, (15,)),
    (37, 37, (15,)),
    (3528, 3589, (16,)),
    (6011, 6011, (16,)),
    (644, 659, (16,)),
    (62, 62, (16, 19)),
    (9558, 9558, (19,)),
)


def match_id_number(text: str, start: int, context: Context) -> int:
    """The end of a Chinese identity number (GB 11643): province, date of birth, check digit.

    The 15 digits of before 1999 have no check digit and count only where the text names them.
    Deviation: of the place, only the province is looked up.
    """
    if found := _ID_NUMBER.match(text, start):
        place, _, birth, rest = found.groups()
        whole = place + birth + rest
        if _is_province(place) and _is_date(birth) and check_digit(whole) == whole[-1].upper():
            return found.end()
    old = _OLD_ID_NUMBER.match(text, start)
    if old and _is_province(old[0]) and _is_date("19" + old[1]) and context.announces_identity:
        return old.end()
    return 0


def match_bank_card(text: str, start: int, context: Context) -> int:
    """The end of a card number (ISO/IEC 7812): known issuer and length, Luhn's check digit.

    Deviation: lengths that few cards have are left alone, for other numbers are as long: 13 and 14
    digits (book and article numbers, timestamps), 17 and 18 digits (identity numbers).
    """
    found = _CARD.match(text, start)
    if not found or context.is_in_row(found.end()):
        return 0
    digits = found[0].replace(" ", "").replace("-", "")
    known = any(
        low <= int(digits[: len(str(low))]) <= high and len(digits) in lengths
        for low, high, lengths in _ISSUERS
    )
    return found.end() if known and is_luhn(digits) else 0


def check_digit(number: str) -> str:
    """The 18th character of an identity number, from the first 17 (ISO 7064, MOD 11-2).

    >>> check_digit("11010519491231002")
    'X'
    """
    total = sum(w * int(digit) for w, digit in zip(_WEIGHTS, number, strict=False))
    return _CHECK_DIGITS[total % 11]


def is_luhn(digits: str) -> bool:
    """Whether the last digit is Luhn's check digit of the others.

    >>> is_luhn("79927398713"), is_luhn("79927398710")
    (True, False)
    """
    ahead = [int(digit) for digit in reversed(digits)]
    doubled = (sum(divmod(2 * digit, 10)) for digit in ahead[1::2])
    return (sum(ahead[::2]) + sum(doubled)) % 10 == 0


def _is_province(place: str) -> bool:
    return int(place[:2]) in _PROVINCES


def _is_date(digits: str) -> bool:
    year, month, day = int(digits[:4]), int(digits[4:6]), int(digits[6:])
    in_range = 1900 <= year < 2100 and 1 <= month <= 12  # noqa: PLR2004 - a calendar
    return in_range and 1 <= day <= monthrange(year, month)[1]
