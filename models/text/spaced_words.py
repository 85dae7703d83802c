"""The words of languages that put blanks between them, cut by the rules of English.

They follow spaCy's rules for blanks, punctuation, contractions, hyphens and addresses, because the
published thresholds of quality rules were tuned on such tokens; the rules are applied to each
stretch between blanks and remembered, which takes a fifteenth of spaCy's time.
"""

from __future__ import annotations

import re
from functools import cache, lru_cache
from itertools import chain

import numpy as np

from models.kernels.arrays import Int64Array, UInt32Array, UInt64Array
from models.kernels.compile import kernel
from models.kernels.hashing import OFFSET, PRIME
from models.text.characters import LETTER, SPACE, base_kinds
from models.text.scripts import HAN, codes_of

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
_NOT_ASCII, _FIRST_LOWER, _POINT = 0x80, ord("a"), ord(".")
_MARKS_AT_END = tuple(map(ord, ",;:!?)"))
MAX_STRETCH = 200  # a longer stretch without a blank is data, an address or an attack: one token


def spaced_tokens(text: str) -> list[str]:
    """Words, numbers and marks in order. Linear in the text.

    >>> spaced_tokens("Don't stop (it's a well-known e.g. 5km walk)...")[:8]
    ['Do', "n't", 'stop', '(', 'it', "'s", 'a', 'well']
    """
    codes = codes_of(text)
    places, sizes = spaced_spans(text, codes, base_kinds()[codes])
    ends = (places + sizes).tolist()
    return [text[place:end] for place, end in zip(places.tolist(), ends, strict=True)]


def spaced_spans(
    text: str, codes: UInt32Array, kinds: UInt32Array
) -> tuple[Int64Array, Int64Array]:
    """Where the tokens of a text begin, and their sizes, (tokens,) each.

    Nearly all stretches are a word, or a word and a mark. A compiled pass cuts these; it leaves the
    odd ones whole, for expressions to cut.
    """
    places, sizes, odd = (np.empty(len(codes), np.int64) for _ in range(3))
    count, odds = _find_tokens(codes, kinds, _uncommon(), places, sizes, odd)
    places, sizes, odd = places[:count], sizes[:count], odd[:odds]
    if not odds:
        return places, sizes
    starts = places[odd]
    spans = zip(starts.tolist(), (starts + sizes[odd]).tolist(), strict=True)
    cuts = [_cut(text[start:end]) for start, end in spans]
    counts = np.zeros(count, np.int64)
    counts[odd] = np.fromiter(map(len, cuts), np.int64, odds)
    inner = np.fromiter(chain.from_iterable(cuts), np.int64)
    return _insert(places, sizes, counts, inner)


@kernel()
def _find_tokens(  # noqa: C901 -- one loop over what a stretch may be
    codes: UInt32Array,
    kinds: UInt32Array,
    uncommon: UInt64Array,
    places: Int64Array,
    sizes: Int64Array,
    odd: Int64Array,
) -> tuple[int, int]:
    """Write the tokens, an odd stretch as one, and which are odd; how many there are of each."""
    place = count = odds = 0
    while place < len(codes):
        if kinds[place] & SPACE:
            place += 1
            continue
        start = place
        value = OFFSET
        is_ascii = True
        while place < len(codes) and kinds[place] & LETTER:
            value = (value ^ np.uint64(codes[place])) * PRIME
            is_ascii &= codes[place] < _NOT_ASCII
            place += 1
        letters = place
        while place < len(codes) and kinds[place] & SPACE == 0:
            place += 1
        places[count], sizes[count] = start, letters - start
        is_odd = place - start > MAX_STRETCH or _is_among(value, uncommon)
        if letters + 1 == place and is_ascii and letters > start:
            mark = codes[letters]
            if mark == _POINT:
                value = (value ^ np.uint64(_POINT)) * PRIME
                is_odd |= codes[letters - 1] < _FIRST_LOWER or _is_among(value, uncommon)
            elif mark not in _MARKS_AT_END:
                is_odd = True
            if not is_odd:
                count += 1
                places[count], sizes[count] = letters, 1
        elif letters < place:
            is_odd = True
        if is_odd:
            sizes[count] = place - start
            odd[odds] = count
            odds += 1
        count += 1
    return count, odds


@kernel()
def _insert(
    places: Int64Array, sizes: Int64Array, counts: Int64Array, cuts: Int64Array
) -> tuple[Int64Array, Int64Array]:
    """The tokens, but where ``counts`` is not 0 so many in the place of one, of the next sizes."""
    total = len(places) - np.count_nonzero(counts) + len(cuts)
    new_places, new_sizes = np.empty(total, np.int64), np.empty(total, np.int64)
    at = cut = 0
    for number in range(len(places)):
        place = places[number]
        for _ in range(max(1, counts[number])):
            size = sizes[number]
            if counts[number]:
                size = cuts[cut]
                cut += 1
            new_places[at], new_sizes[at] = place, size
            place += size
            at += 1
    return new_places, new_sizes


@kernel()
def _is_among(value: np.uint64, values: UInt64Array) -> bool:
    for one in values:  # noqa: SIM110 -- numba compiles no generator
        if one == value:
            return True
    return False


@cache
def _uncommon() -> UInt64Array:
    """The hashes of the stretches that look like a word, with a point or without, and are not."""
    listed = [one for one in (*_FUSED, *_WHOLE) if one.rstrip(".").isalpha()]
    return np.array([_hash(codes_of(one)) for one in listed], np.uint64)


@kernel()
def _hash(codes: UInt32Array) -> np.uint64:
    value = OFFSET
    for code in codes:
        value = (value ^ np.uint64(code)) * PRIME
    return value


def _cut(stretch: str) -> tuple[int, ...]:
    """The sizes of its tokens; a long one is not looked at, nor remembered."""
    return (len(stretch),) if len(stretch) > MAX_STRETCH else _sizes(stretch)


@lru_cache(maxsize=1 << 16)
def _sizes(stretch: str) -> tuple[int, ...]:
    """Remembered, for "(the" comes again in every text; what is forgotten is computed anew."""
    return tuple(map(len, split(stretch)))


def split(stretch: str) -> tuple[str, ...]:
    """The tokens of one stretch between blanks: marks peeled from both ends, then the inside."""
    if stretch.isalpha() and stretch not in _FUSED:
        return (stretch,)
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
