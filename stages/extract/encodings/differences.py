"""Where Python's codecs differ from the indexes of the WHATWG Encoding Standard.

Source: index-gb18030.txt, index-big5.txt and index-jis0208.txt of the standard (public domain),
with the changes for GB 18030-2022, compared with CPython's gb18030, big5hkscs and euc_jp over every
sequence of two bytes (of four in gb18030, of three in EUC-JP).
"""

from __future__ import annotations

GB18030 = {
    # A3A0 is white space to browsers: old pages indent with it.
    "\ue5e5": "\u3000",
    # A6D9 to A6F3, A8BC and FE59 to FEA0 have had code points of their own since 2005 and 2022.
    **dict(zip("\ue78d\ue78e\ue78f\ue790\ue791", "\ufe10\ufe12\ufe11\ufe13\ufe14", strict=True)),
    **dict(zip("\ue792\ue793\ue794\ue795\ue796", "\ufe15\ufe16\ufe17\ufe18\ufe19", strict=True)),
    **dict(zip("\ue81e\ue826\ue82b\ue82c", "\u9fb4\u9fb5\u9fb6\u9fb7", strict=True)),
    **dict(zip("\ue832\ue843\ue854\ue864", "\u9fb8\u9fb9\u9fba\u9fbb", strict=True)),
    "\ue7c7": "\u1e3f",
    "\u1e3f": "\ue7c7",  # 8135F437, which took the other's place
}
"""What gb18030 gives, and what it should; both have one sequence for a character."""

BIG5 = {
    "•": "‧",
    "､": "﹑",
    "‾": "¯",
    "∼": "～",
    "♁": "⊕",
    "☉": "⊙",
    "¥": "￥",
    "¢": "￠",
    "£": "￡",
}
"""What big5hkscs gives, and what it should, where the character has one sequence."""

BIG5_SECOND = {b"\xa2\x41": "∕", b"\xa2\x42": "﹨"}
"""Sequences that big5hkscs reads as the character of another sequence."""

BIG5_MARKS = {b"\x81\x80": b"\xa2\x41", b"\x81\x81": b"\xa2\x42"}
"""What stands for them while big5hkscs reads the rest: nothing begins with 81 in Big5."""

_BIG5_RUNS = {
    0x877A: (
        "㡵𡵓𣚞𦀡㻬𥣞㫵竼龗𤅡𨤍𣇪𠪊𣉞䌊蒄龖鐯䤰蘓墖靊鈘秐稲晠権袝瑌篅枂稬剏遆㓦珄𥶹瓆鿇垳䤯呌䄱𣚎"
        "堘穲𧭥讏䚮𦺈䆁𥶙箮𢒼鿈𢓁𢓉𢓌鿉蔄𣖻䂴鿊䓡𪷿拁灮鿋"
    ),
    0x8E69: "箸",
    0x8E6F: "簆",
    0x8E7E: "糎",
    0x8EAB: "緒",
    0x8EB4: "縝",
    0x8ECD: "者",
    0x8ED0: "耨",
    0x8F57: "菁",
    0x8F69: "蒨",
    0x8F6E: "萏",
    0x8FCB: "覦覩",
    0x8FFE: "起",
    0x906D: "都",
    0x907A: "銹",
    0x90DC: "靜",
    0x90F1: "響",
    0x91BF: "鼖",
    0x9244: "蔃",
    0x92AF: "兙兛兝兞",
    0x92C8: "鍮",
    0x92D1: "瑹",
    0x9447: "浧",
    0x94CA: "禛",
    0x95D9: "邗",
    0x9644: "靝",
    0x96ED: "瀞",
    0x96FC: "嬨",
    0x9B76: "爁",
    0x9B78: "矗",
    0x9B7B: "纇",
    0x9BC6: "駖",
    0x9BDE: "釔",
    0x9BEC: "惞",
    0x9BF6: "澶",
    0x9C42: "輶",
    0x9C53: "侻",
    0x9C62: "營",
    0x9C68: "鄄",
    0x9C6B: "鷰",
    0x9C77: "菏",
    0x9CBC: "尐秣",
    0x9CD0: "婧",
    0x9D57: "輋",
    0x9D5A: "筑",
    0x9DC4: "拐",
    0x9EA9: "恢",
    0x9EEF: "痹",
    0x9EFD: "汊",
    0x9F60: "鬮",
    0x9F66: "鼗",
    0x9FCB: "僭",
    0x9FD8: "弌",
    0xA063: "蠏",
    0xA077: "拎",
    0xA0D5: "瑨",
    0xA0DF: "煢",
    0xA0E4: "牐",
    0xA3C0: "".join(
        map(chr, (*range(0x2400, 0x2420), 0x2421, 0x20AC))
    ),  # control pictures, then the euro
    0xC6CF: "廴",
    0xC6D3: "无",
    0xC6D5: "癶",
    0xC6D7: "隶",
    0xC6DE: "〃仝",
    0xFA5F: "倩",
    0xFA66: "偽",
    0xFABD: "包",
    0xFAC5: "卄",
    0xFAD5: "卿",
    0xFB48: "嘅",
    0xFBB8: "婷",
    0xFBF3: "幵",
    0xFBF9: "廐",
    0xFC4F: "彘",
    0xFC6C: "悤",
    0xFCB9: "撐",
    0xFCE2: "晴",
    0xFCF1: "杞",
    0xFDB7: "沜渝",
    0xFDBB: "港",
    0xFDF1: "煮",
    0xFE52: "猪",
    0xFE6F: "瑜",
    0xFEAA: "瓩",
    0xFEDD: "砉",
}
LAST_TRAIL, FIRST_HIGH_TRAIL = 0x7E, 0xA1


def _sequences(first: int, characters: str) -> dict[bytes, str]:
    """The two bytes of each character of a run that begins at ``first``."""
    found = {}
    for character in characters:
        found[first.to_bytes(2, "big")] = character
        first += FIRST_HIGH_TRAIL - LAST_TRAIL if first & 0xFF == LAST_TRAIL else 1
    return found


BIG5_ADDED = {
    sequence: character
    for first, characters in _BIG5_RUNS.items()
    for sequence, character in _sequences(first, characters).items()
}
"""Sequences of the standard's index (HKSCS-2008, ETEN) that big5hkscs does not know."""

EUC_JP = {"〜": "～", "‖": "∥", "−": "－", "¢": "￠", "£": "￡", "¬": "￢"}
"""What euc_jp gives, and what it should."""
