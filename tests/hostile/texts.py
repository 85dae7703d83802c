"""Hostile texts: a unit that is repeated, up to a number of characters."""

from __future__ import annotations

from collections.abc import Mapping
from random import Random

UNITS: Mapping[str, str] = {
    "one_letter": "a",
    "one_han_character": "的",
    "letters_and_spaces": "a ",
    "spaces": " ",
    "line_ends": "\n",
    "carriage_returns": "\r",
    "short_lines": "x\n",
    "tabs": "\t",
    "odd_spaces": "\u00a0\u2003\u3000\u2028\u2029",
    "zero_width": "\u200b\u200d\ufeff",
    "nuls": "a\0",
    "controls": "\x01\x02\x1b[31m",
    "combining_marks": "e\u0301\u0302\u0303\u0304\u0305\u0306",
    "one_letter_with_many_marks": "\u0316",
    "right_to_left": "\u202eabc\u202c",
    "emoji_families": "👨\u200d👩\u200d👧\u200d👦",
    "flags": "🇨🇳",
    "beyond_the_bmp": "𠀀𝒳",
    "private_use": "\ue000\U000f0000",
    "hangul_jamo": "\u1112\u1161\u11ab",
    "ligatures": "\ufdfa",
    "full_stops": ".",
    "chinese_commas": "，",
    "dots_of_omission": "...…",
    "dashes": "-",
    "bullets": "• x\n",
    "open_brackets": "([{<《「",
    "quotes": "\"'“‘",
    "backslashes": "\\",
    "dollar_and_braces": "${}{{%",
    "digits": "1",
    "numbers": "3.14159 ",
    "addresses_without_end": "http://a.b/",
    "mail_addresses": "a@b.c ",
    "at_signs": "@",
    "percent_escapes": "%E4%B8",
    "phone_numbers": "138-0013-8000",
    "diff_lines": "+a\n-b\n@@ -1 +1 @@\n",
    "markup_as_text": "<p>&lt;b&gt;",
    "tables_of_bars": "| a | b |\n|---|---|\n",
    "copyright": "版权所有 © 2024 责任编辑 ",
    "prompts": "subscribe now share this click here 点击关注 ",
    "lorem": "lorem ipsum dolor sit amet ",
    "a_sentence": "The mill by the river was built of grey stone. ",
    "a_chinese_sentence": "河边的磨坊是用灰色的石头建成的。",
    "turkish_i": "İıIi",
    "sharp_s": "ßẞ",
    "replacement_characters": "\ufffd",
    "noncharacters": "\ufffe\uffff",
}


def hostile_texts(chars: int) -> Mapping[str, str]:
    """Each unit repeated to ``chars`` characters; random Han characters, letters and code points."""
    random = Random(chars)
    texts = {name: (unit * (chars // len(unit) + 1))[:chars] for name, unit in UNITS.items()}
    han = [chr(random.randrange(0x4E00, 0x9FA5)) for _ in range(chars)]
    letters = [random.choice("abcdefghijklmnop") for _ in range(chars)]
    anything = [chr(random.choice((random.randrange(1, 0xD800), 0x1F600))) for _ in range(chars)]
    return {
        **texts,
        "random_han_characters": "".join(han),
        "random_letters_without_a_space": "".join(letters),
        "random_words": "".join(" " if n % 7 == 6 else c for n, c in enumerate(letters)),
        "random_code_points": "".join(anything),
    }
