"""The words of languages that put blanks between them, cut by the rules of English.

They follow spaCy's rules for blanks, punctuation, contractions, hyphens and addresses, because the
published thresholds of quality rules were tuned on such tokens; the rules are applied to each
stretch between blanks and remembered, which takes a fifteenth of spaCy's time.
"""

from __future__ import annotations

import re
from functools import lru_cache

from models.text.scripts import HAN

_QUOTES = "'\"”“`‘´’‚„»«「」『』（）〔〕【】《》〈〉⟦⟧"
_MARKS = r",:;!?¿؟¡()\[\]{}<>_#*&。？！，、；：～·।،۔؛٪"
_CURRENCY = "$£€¥฿₩₪₫₱₹₽₿"
_ICONS = (
    "¦©®°\u2100-\u214f\u2190-\u21ff\u2300-\u23ff\u2500-\u27bf\u2900-\u297f\u2b00-\u2bff"
    "\U0001f000-\U0001faff"
)
_UNITS = (
    "km/h|km²|km³|m²|m³|dm²|dm³|cm²|cm³|mm²|mm³|m/s|km|dm|cm|mm|ha|µm|nm|yd|in|ft|kg|mg|µg|lb|oz"
    "|kmh|mph|hPa|Pa|mbar|mb|MB|kb|KB|gb|GB|tb|TB|m|g|t|T|G|M|K|%"
)
_OPENING = re.compile(rf"\.\.+|…+|[§%=—–{_MARKS}{_QUOTES}{_CURRENCY}{_ICONS}]|\+(?![0-9])")
_CLOSING = re.compile(
    rf"""(?:\.\.+|…+|[—–{_MARKS}{_ICONS}]|['’][sS]|[{_QUOTES}]
    |(?<=[0-9])(?:[{_CURRENCY}]|{_UNITS}|\+)
    |(?<=[0-9%²+\-{_QUOTES}a-zß-öø-ÿ])\.|(?<=[A-Z][A-Z])\.|(?<=[{_MARKS}])\.)\Z""",
    re.VERBOSE,
)
_ALPHABETS = "A-Za-z\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u02af\u0370-\u1fff"
_LETTER = f"[{_ALPHABETS}\u3040-\u30ff\uac00-\ud7a3{HAN.ranges}]"  # kana and Hangul too
_INSIDE = re.compile(
    rf"""(\.\.+|…+|[{_ICONS}]|(?<=[0-9])[+\-*^](?=[0-9-])
    |(?<=[a-zß-öø-ÿ{_QUOTES}])\.(?=[A-Z{_QUOTES}])
    |(?<={_LETTER}),(?={_LETTER})|(?:(?<={_LETTER})|(?<=[0-9]))(?:---?|-|–|—|~)(?={_LETTER})
    |(?<=[^\W_])[:<>=/](?={_LETTER}))""",
    re.VERBOSE,
)
_ADDRESS = re.compile(
    r"(?:[a-z][a-z0-9+.-]*://|www\.)\S+|[\w.+-]+@[\w-]+(?:\.[\w-]+)+"
    r"|(?:[\w-]+\.)+[a-z]{2,63}(?::\d+)?(?:[/?#]\S*)?"
)
_CONTRACTION = re.compile(r"(\w+?)(n['’]t|['’](?:ll|re|ve|d|m|s|S|LL|RE|VE|D|M))")
_CLOCK = re.compile(r"(1?\d)((?:am|pm|a\.m\.|p\.m\.))")
_FUSED = {"cannot": ("can", "not"), "gonna": ("gon", "na"), "gotta": ("got", "ta")}
_WHOLE = frozenset(
    """
    Adm. Ala. Apr. Ariz. Ark. Aug. Bros. Calif. Co. Colo. Conn. Corp. Dec. Del. Dr. E.g. Feb.
    Fla. Ga. Gen. Gov. I.e. Ill. Inc. Ind. Jan. Jr. Jul. Jun. Kan. Ky. La. Ltd. Mar. Mass. Md.
    Messrs. Mich. Minn. Miss. Mo. Mont. Mr. Mrs. Ms. Mt. Neb. Nev. Nov. Oct. Okla. Ore. Pa. Ph.D.
    Prof. Rep. Rev. Sen. Sep. Sept. St. Tenn. Va. Wash. Wis. a.m. p.m. co. e.g. i.e. v.s. vs.
    C++ and/or :) :( :D ;) :P :/ <3 :-) ;-) ^_^ -_- ): 8) 's 'em Ma'am ma'am o'clock O'clock
    b. c. d. e. f. g. h. i. j. k. l. m. n. o. p. q. r. s. t. u. v. w. x. y. z.
    """.split()  # noqa: SIM905 - 140 quoted strings would read worse
)
MAX_STRETCH = 200  # a longer stretch without a blank is data, an address or an attack: one token


def spaced_tokens(text: str) -> list[str]:
    """Words, numbers and marks in order. Linear in the text.

    >>> spaced_tokens("Don't stop (it's a well-known e.g. 5km walk)...")[:8]
    ['Do', "n't", 'stop', '(', 'it', "'s", 'a', 'well']
    """
    tokens: list[str] = []
    append, extend = tokens.append, tokens.extend
    for stretch in text.split():
        if (stretch.isalpha() and stretch not in _FUSED) or len(stretch) > MAX_STRETCH:
            append(stretch)
        else:
            extend(_split(stretch))
    return tokens


@lru_cache(maxsize=1 << 16)
def _split(stretch: str) -> tuple[str, ...]:
    """The tokens of one stretch between blanks: marks peeled from both ends, then the inside.

    Remembered, for "word," and "(the" come again in every text; what is forgotten is computed anew.
    """
    head: list[str] = []
    tail: list[str] = []
    while stretch and stretch not in _WHOLE:
        if len(stretch) > 1 and (match := _OPENING.match(stretch)):
            head.append(match[0])
            stretch = stretch[match.end() :]
        elif len(stretch) > 1 and (match := _CLOSING.search(stretch)) and match.start():
            tail.append(match[0])
            stretch = stretch[: match.start()]
        else:
            break
    return (*head, *_core(stretch), *reversed(tail))


def _core(stretch: str) -> list[str]:
    if not stretch:
        return []
    if stretch in _FUSED:
        return list(_FUSED[stretch])
    if stretch.isalnum() and not stretch[0].isdigit():
        return [stretch]
    for pattern in (_CONTRACTION, _CLOCK):
        if match := pattern.fullmatch(stretch):
            return list(match.groups())
    if stretch in _WHOLE or _ADDRESS.fullmatch(stretch):
        return [stretch]
    return [part for part in _INSIDE.split(stretch) if part]
