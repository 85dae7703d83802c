"""How Chinese a decoded text is, by its most frequent characters.

Wrong decodings of Chinese give rare characters: of a real text most are among the 500 most frequent
ones, of Big5 read as GBK, or of letters read as either, hardly any.
"""

from __future__ import annotations

import re
from typing import NamedTuple

import numpy as np

from models.text.traditional import SIMPLIFIED, TRADITIONAL

# By the counts in jieba's dictionary, of whose text they are 73%.
_FREQUENT_SIMPLIFIED = (
    "一是人了不在有大中国和为这上他个地年来我会以到时要出的生学说道民家子也成行下们于后就发自之"
    "对得主长可过天作分方用多你着部能市等业全里工公经本都而高政法面门动日进区事代那去心小同北定"
    "开产前其军还然起种所如现理机体表力好外与文当两实重新三么只山水关明从化平建又制南内西没此将"
    "员名手最东头者月间无安看见各城十相但已些正口通想度加第她合院物性战由位常点海意场武使次二向"
    "治因立数样身情入原问把路被并利石老教万知级量任江及应省资委务元美特期世湖回系比气汉总展电科"
    "金先声提品设或义王社很统处四首共马形己儿司太目基领队直计别女权话少流命至报米给打变果书清活"
    "几州华解议更称程今决张导术府才保交放管结师便走达族反再题色五京河接条规式县白它改风光运信受"
    "什组听布百济党指论强做取技黄神选记斯真却职号界件花类何眼兵传带空干农边据集联古广完质阳难增"
    "历史专官每住商即步认车台林必死游举线言皇土团收考求德叫近备研争非具李众连调感转笑革该持始英"
    "克士尔让拉思根格造较际亲单朝红型价校约器字段周亚深候则功属积快图火千准究往极育装许参半令吃"
    "观鱼精办像帝八复影告远群包整构料随划算象容示投势热值夫网望源息语股铁断派速怎需片爱律纪支早"
    "况病境证编"
)
FREQUENT = frozenset(_FREQUENT_SIMPLIFIED) | {
    traditional
    for traditional, simplified in zip(TRADITIONAL, SIMPLIFIED, strict=True)
    if simplified in _FREQUENT_SIMPLIFIED
}

MIN_LETTERS = 4
MIN_SHARE = 0.4
"""From this share of frequent characters a text of ``MIN_LETTERS`` or more is Chinese: of 174 real
Chinese pages the lowest has 0.56, of wrong readings of pages in other languages the highest 0.28
(benchmarks/charsets.py)."""

_SIGNS = ((0x00, 0xBF), (0x2000, 0x206F), (0x20AC, 0x20AC), (0x2190, 0x27BF), (0x3000, 0x3020),
          (0xFE10, 0xFE6F), (0xFF00, 0xFF65), (0xFFE0, 0xFFEE))  # fmt: skip
_IS_LETTER = np.ones(1 << 16, np.bool_)
for _first, _last in _SIGNS:
    _IS_LETTER[_first : _last + 1] = False
_IS_FREQUENT = np.zeros(1 << 16, np.bool_)
_IS_FREQUENT[[ord(character) for character in FREQUENT]] = True


CHINESE = {"gb18030": "gb18030", "big5": "big5hkscs"}
"""The encodings, with codecs that are near enough to tell whether bytes are in them."""

PIECES, PIECE_BYTES = 4, 1 << 13
MAX_ERRORS = 0.02
"""For each letter, beside one for each piece, which may end within a character."""

MIN_NEIGHBOURS = 0.3
"""Of the high bytes this share has another beside it: Western letters stand alone."""

MIN_LOW_TRAILS, MIN_KANA = 0.1, 0.3
FIRST_LEAD = 0x81
_NO_TRAIL = re.compile(rb"[\x00-\x2f]")


class ChineseShare(NamedTuple):
    """How many letters that are not ASCII a text has, and what share of them is frequent."""

    letters: int
    share: float

    @property
    def is_chinese(self) -> bool:
        """Whether a text with these figures is surely Chinese."""
        return self.letters >= MIN_LETTERS and self.share >= MIN_SHARE

    def if_letters(self, least: int) -> ChineseShare:
        """The same, if it is that of ``least`` letters or more, else nothing."""
        return self if self.letters >= least else NOT_CHINESE


NOT_CHINESE = ChineseShare(0, 0.0)


def chinese_share(text: str) -> ChineseShare:
    """The share of frequent characters among the letters of a text, signs and ASCII left out.

    >>> chinese_share("<p>我们在这里。</p>"), chinese_share("Привет")
    (ChineseShare(letters=5, share=1.0), ChineseShare(letters=6, share=0.0))
    """
    codes = np.frombuffer(text.encode("utf-16-le", "surrogatepass"), "<u2")
    codes = codes[_IS_LETTER[codes]]
    share = float(_IS_FREQUENT[codes].mean()) if len(codes) else 0.0
    return ChineseShare(len(codes), share)


def chinese_shares(body: bytes, first: int) -> dict[str, ChineseShare]:
    """How Chinese a sample of the bytes from ``first`` on is in each Chinese encoding.

    Nothing where the bytes hardly can be in that encoding.
    """
    shares = dict.fromkeys(CHINESE, NOT_CHINESE)
    sample = _sample(body, first)
    is_high = np.frombuffer(sample, np.uint8) >= FIRST_LEAD
    if np.count_nonzero(is_high[1:] & is_high[:-1]) < MIN_NEIGHBOURS * np.count_nonzero(is_high):
        return shares
    cuts = len(sample) // PIECE_BYTES + 1
    for encoding, codec in CHINESE.items():
        text = sample.decode(codec, "replace")
        found = chinese_share(text)
        has_errors = text.count("\ufffd") > MAX_ERRORS * found.letters + cuts
        if not has_errors and not (encoding == "big5" and _is_euc(sample, found.letters)):
            shares[encoding] = found
            if found.is_chinese:
                break
    return shares


def _is_euc(sample: bytes, letters: int) -> bool:
    """Whether many characters begin as kana do in EUC-JP, and hardly any end below 80.

    Of Big5's two fifths do; its simplest, most frequent characters are where EUC-JP has kana.
    """
    codes = np.frombuffer(sample, np.uint8)
    follows = (codes[:-1] >= FIRST_LEAD) & (codes[1:] >= 0x40) & (codes[1:] < 0x7F)  # noqa: PLR2004
    kana = np.count_nonzero((codes == 0xA4) | (codes == 0xA5))  # noqa: PLR2004
    low = np.count_nonzero(follows)
    return bool(low < MIN_LOW_TRAILS * letters and kana >= MIN_KANA * letters)


def _sample(body: bytes, first: int) -> bytes:
    """Four pieces of the bytes from ``first`` on, each of which begins with a character."""
    step = max(PIECE_BYTES, (len(body) - first) // PIECES)
    pieces = [body[first : first + PIECE_BYTES]]
    for start in range(first + step, len(body), step):
        if boundary := _NO_TRAIL.search(body, start):
            pieces.append(body[boundary.start() : boundary.start() + PIECE_BYTES])
    return b"\n".join(pieces)
