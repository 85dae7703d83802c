"""Made-up text with made-up personal data in known places, and numbers that only look like it.

Nothing here is taken from ``stages.privacy``: check digits are computed on their own, so that a
mistake there is seen here. ``random.Random`` of a given seed makes the same texts every time.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass

Draw = random.Random


@dataclass(frozen=True)
class Planted:
    """A text with one value in it: its kind, or "" for one that only looks like personal data."""

    language: str
    kind: str
    form: str
    value: str
    text: str


def digits(draw: Draw, count: int) -> str:
    return "".join(draw.choice("0123456789") for _ in range(count))


def with_luhn(prefix: str, length: int, draw: Draw) -> str:
    """A number that Luhn's check accepts: the digit is found by trying all ten."""
    body = prefix + digits(draw, length - 1 - len(prefix))
    for last in "0123456789":
        total = 0
        for place, digit in enumerate((body + last)[::-1]):
            value = int(digit) * (1 + place % 2)
            total += value - 9 if value > 9 else value
        if total % 10 == 0:
            return body + last
    raise AssertionError("one of ten digits fits")


def id_number(draw: Draw) -> str:
    """A Chinese identity number: the check character makes the sum 1 modulo 11 (ISO 7064)."""
    place = draw.choice(["110105", "310115", "440305", "510104", "330106", "620102"])
    birth = f"{draw.randint(1940, 2015)}{draw.randint(1, 12):02}{draw.randint(1, 28):02}"
    body = place + birth + digits(draw, 3)
    for last in "0123456789X":
        numbers = [int(c) for c in body] + [10 if last == "X" else int(last)]
        if sum(n * pow(2, 17 - i, 11) for i, n in enumerate(numbers)) % 11 == 1:
            return body + last
    raise AssertionError("one of eleven characters fits")


def grouped(number: str, sizes: tuple[int, ...], mark: str) -> str:
    parts, at = [], 0
    for size in sizes:
        parts.append(number[at : at + size])
        at += size
    return mark.join(part for part in (*parts, number[at:]) if part)


def mobile(draw: Draw) -> str:
    return draw.choice(["138", "139", "150", "177", "186", "199", "152", "133"]) + digits(draw, 8)


def area(draw: Draw) -> str:
    return draw.choice(["010", "021", "0755", "0571", "028", "0532"])


def local(draw: Draw, size: int) -> str:
    return draw.choice("2345678") + digits(draw, size - 1)


def landline(draw: Draw) -> str:
    code = area(draw)
    number = local(draw, 8)
    return draw.choice(
        [f"{code}-{number}", f"({code}){number}", f"{code} {number[:4]} {number[4:]}"]
    )


def american(draw: Draw) -> str:
    a, b, c = f"{draw.randint(201, 799)}", f"{draw.randint(201, 999)}", digits(draw, 4)
    return draw.choice([f"({a}) {b}-{c}", f"{a}-{b}-{c}", f"{a}.{b}.{c}", f"1-{a}-{b}-{c}"])


def international(draw: Draw) -> str:
    forms = (
        f"+44 20 {digits(draw, 4)} {digits(draw, 4)}",
        f"+49 {draw.randint(30, 89)} {digits(draw, 8)}",
        f"+1 ({draw.randint(201, 799)}) {draw.randint(201, 999)}-{digits(draw, 4)}",
        f"+86-10-{local(draw, 8)}",
        f"+852 {local(draw, 4)} {digits(draw, 4)}",
        f"+33 1 {digits(draw, 2)} {digits(draw, 2)} {digits(draw, 2)} {digits(draw, 2)}",
        f"+81-3-{digits(draw, 4)}-{digits(draw, 4)}",
        f"0044 20 7{digits(draw, 3)} {digits(draw, 4)}",
        f"+61 4{digits(draw, 2)} {digits(draw, 3)} {digits(draw, 3)}",
        f"+91{draw.choice('789')}{digits(draw, 9)}",
    )
    return draw.choice(forms)


def email(draw: Draw) -> str:
    name = draw.choice(["jane.doe", "li_wei", "zhang", "o-brien", "m.k.smith", "wang1987", "x"])
    site = draw.choice(
        ["163.com", "qq.com", "gmail.com", "mail.uni-ulm.de", "bnu.edu.cn", "a-b.io"]
    )
    plain = f"{name}{draw.randint(1, 999)}@{site}"
    if draw.random() < 0.2:
        return plain.replace("@", draw.choice([" [at] ", "(at)", "[AT]"]))
    return plain.upper() if draw.random() < 0.1 else plain


def ipv4(draw: Draw) -> str:
    first = draw.choice([36, 61, 85, 101, 114, 139, 151, 183, 202, 218, 54])
    return f"{first}.{draw.randint(1, 166)}.{draw.randint(0, 255)}.{draw.randint(1, 254)}"


def ipv6(draw: Draw) -> str:
    network = draw.choice(["2a00", "2404", "240e", "2607"])
    return f"{network}:{draw.randint(100, 9999)}::{digits(draw, 3)}:1"


FORMS: dict[str, dict[str, Callable[[Draw], str]]] = {
    "email_address": {
        "plain or with a bracketed at": email,
        "spelt out": lambda draw: f"jane{draw.randint(1, 99)} at gmail dot com",
    },
    "phone_number": {
        "Chinese mobile": mobile,
        "Chinese mobile, grouped": lambda draw: grouped(mobile(draw), (3, 4), draw.choice("- ")),
        "Chinese mobile, +86": lambda draw: (
            draw.choice(["+86 ", "+86", "86-", "0086"]) + mobile(draw)
        ),
        "Chinese landline": landline,
        "North American": american,
        "international": international,
        "local, without area": lambda draw: f"{local(draw, 4)} {digits(draw, 4)}",
        "Taiwanese": lambda draw: f"09{digits(draw, 2)}-{digits(draw, 3)}-{digits(draw, 3)}",
    },
    "id_number": {"18 characters": id_number},
    "bank_card": {
        "UnionPay": lambda draw: with_luhn(draw.choice(["6222", "6217", "6228"]), 19, draw),
        "UnionPay, grouped": lambda draw: grouped(with_luhn("6225", 16, draw), (4, 4, 4), " "),
        "Visa": lambda draw: with_luhn("4", 16, draw),
        "Mastercard, grouped": lambda draw: grouped(with_luhn("53", 16, draw), (4, 4, 4), "-"),
        "American Express": lambda draw: with_luhn("37", 15, draw),
    },
    "ip_address": {"IPv4": ipv4, "IPv6": ipv6},
}

FRAMES = {  # the first three name the kind, the last three do not
    "zh": {
        "email_address": [
            "邮箱：{}。",
            "请发送至{}，谢谢",
            "E-mail:{}",
            "（{}）",
            "作者{}于昨日",
            "{}",
        ],
        "phone_number": [
            "电话：{}。",
            "手机{}（微信同号）",
            "联系电话 {}",
            "王先生 {}",
            "找张老师，{}。",
            "（{}）",
        ],
        "id_number": [
            "身份证号：{}。",
            "证件号码{}",
            "身份证 {}",
            "李明，{}，男",
            "（{}）",
            "姓名 王芳 {}",
        ],
        "bank_card": [
            "卡号：{}。",
            "请汇至{}，户名王芳",
            "银行账户 {}",
            "工行 {} 李明",
            "（{}）",
            "{}，建设银行",
        ],
        "ip_address": [
            "IP地址：{}。",
            "来自{}的访客",
            "服务器 {}",
            "用户{}说：好",
            "（{}）",
            "{} 发表于昨日",
        ],
    },
    "en": {
        "email_address": [
            "E-mail: {}.",
            "Write to {} today.",
            "<{}>",
            "By Jane ({})",
            "ask {}, or",
            "{}",
        ],
        "phone_number": [
            "Phone: {}.",
            "Call us at {} now",
            "Tel. {}",
            "Jane Doe, {}",
            "({})",
            "Main St 5, {}.",
        ],
        "id_number": [
            "ID card: {}.",
            "identity number {}",
            "citizen ID {}",
            "Li Ming, {}, male",
            "({})",
            "{}",
        ],
        "bank_card": [
            "Card: {}.",
            "pay with {} please",
            "account {}",
            "Jane Doe {}",
            "({})",
            "{}, valid",
        ],
        "ip_address": [
            "IP: {}.",
            "Requests from {} failed",
            "server {}",
            "user {} wrote",
            "({})",
            "{} posted",
        ],
    },
}


def dotted(draw: Draw, *highest: int) -> str:
    """Random numbers up to the given ones, joined with dots."""
    return ".".join(str(draw.randint(1, high)) for high in highest)


def moment(draw: Draw) -> str:
    """A date with a time."""
    day = f"20{draw.randint(10, 24)}-0{draw.randint(1, 9)}-{draw.randint(10, 28)}"
    return f"{day} 12:{draw.randint(10, 59)}:30"


def degrees(draw: Draw) -> str:
    """Latitude and longitude of a place in China."""
    return f"{draw.randint(18, 53)}.{digits(draw, 6)}, {draw.randint(73, 135)}.{digits(draw, 6)}"


LOOKALIKES: dict[str, Callable[[Draw], str]] = {
    "order number": lambda d: d.choice(["订单号：", "order no. ", "Invoice #", "单号"]) + mobile(d),
    "long order number": lambda d: "订单 " + "2024" + digits(d, 16),
    "tracking number": lambda d: "SF" + digits(d, 12),
    "ISBN": lambda d: (
        d.choice(["ISBN 978-7-", "978-0-"]) + f"{digits(d, 3)}-{digits(d, 5)}-{digits(d, 1)}"
    ),
    "bar code": lambda d: d.choice(["69", "40", "97"]) + digits(d, 11),
    "timestamp": lambda d: d.choice(
        [f"15{digits(d, 8)}", f"16{digits(d, 11)}", f"2019050312{digits(d, 7)}"]
    ),
    "date and time": moment,
    "version": lambda d: d.choice(
        [
            "v" + dotted(d, 9, 40, 99, 200),
            dotted(d, 12) + ".0." + dotted(d, 9, 200),
            "版本 " + dotted(d, 99, 99, 99, 99),
        ]
    ),
    "chapter": lambda d: dotted(d, 12, 9, 9, 9),
    "price": lambda d: (
        d.choice(["¥", "$", "US$ "]) + f"{digits(d, 2)},{digits(d, 3)},{digits(d, 3)}.00"
    ),
    "amount": lambda d: d.choice([f"{mobile(d)}元", f"{mobile(d)} bytes", f"共{mobile(d)}次"]),
    "formula": lambda d: d.choice(
        [f"x = 3.{digits(d, 14)}", f"{digits(d, 2)}+{digits(d, 8)}=y", f"2^{digits(d, 7)}-1"]
    ),
    "DOI": lambda d: d.choice(
        [
            f"10.1038/s41586-020-{digits(d, 4)}-{digits(d, 1)}",
            f"10.1016/j.cell.2020.02.{digits(d, 3)}",
        ]
    ),
    "coordinates": degrees,
    "number in a URL": lambda d: d.choice(
        [
            f"https://item.site.cn/{mobile(d)}.html",
            f"http://a.cn/?id={mobile(d)}",
            f"www.a.com/p/{mobile(d)}",
        ]
    ),
    "wrong check digit": lambda d: spoil(id_number(d)),
    "card without check digit": lambda d: spoil(with_luhn("6222", 19, d)),
    "row of numbers": lambda d: " ".join(digits(d, 4) for _ in range(9)),
    "private IP address": lambda d: d.choice(
        [
            "10.{}.{}.{}",
            "192.168.{2}.{1}",
            "172.16.{0}.{1}",
            "127.0.0.1",
            "255.255.255.{0}",
            "198.51.100.{1}",
        ]
    ).format(*(d.randint(1, 250) for _ in range(3))),
    "private IPv6 address": lambda d: d.choice(
        ["fe80::1ff:fe23:4567:890a", "2001:db8::8a2e:370:7334", "::1", "fd00::1:2"]
    ),
    "MAC address": lambda d: ":".join(f"{d.randint(16, 255):02x}" for _ in range(6)),
    "toll-free number": lambda d: d.choice(["400-{}-{}", "1-800-{}-{}", "(888) {}-{}"]).format(
        digits(d, 3), digits(d, 4)
    ),
    "image name": lambda d: f"logo{digits(d, 2)}@2x.png",
    "repository": lambda d: d.choice(["git@github.com:user/project.git"]),
    "example address": lambda d: d.choice(
        ["user@example.com", "a@b.example", "root@localhost", "me@host.invalid"]
    ),
    "name with @": lambda d: d.choice(
        ["@jane_doe", "@app.route", "npm i @vue/cli@4.5.0", "meet @ 5.30"]
    ),
    "year range": lambda d: (
        f"{d.randint(1900, 1960)}-{d.randint(1961, 2000)}, {digits(d, 4)}-{digits(d, 4)}"
    ),
    "postal code": lambda d: f"邮编：{digits(d, 6)}",
    "code like a mobile, unnamed": lambda d: d.choice("13579") + mobile(d)[1:],
    "order like a card, unnamed": lambda d: "4" + digits(d, 15),
    "part number": lambda d: f"{d.randint(201, 799)}-{d.randint(201, 999)}-{digits(d, 4)}",
    "QQ number": lambda d: f"QQ：{d.randint(1, 9)}{digits(d, 8)}",
}


LIMITS = frozenset(
    [
        "spelt out",
        "local, without area",
        "code like a mobile, unnamed",
        "order like a card, unnamed",
        "part number",
    ]
)
"""Forms that nothing but their meaning tells apart: measured, so that the limits are known."""


def spoil(number: str) -> str:
    """The number with another last digit."""
    return number[:-1] + str((int(number[-1].replace("X", "3")) + 1) % 10)


def planted(seed: int, each: int) -> list[Planted]:
    """``each`` texts for each form, language and frame of a kind, and as many for lookalikes."""
    draw = random.Random(seed)
    texts = []
    for language, frames in FRAMES.items():
        for kind, forms in FORMS.items():
            for form, make in forms.items():
                for frame in frames[kind]:
                    for _ in range(each):
                        value = make(draw)
                        texts.append(Planted(language, kind, form, value, frame.format(value)))
        for form, make in LOOKALIKES.items():
            for frame in ("{}", "（{}）" if language == "zh" else "({})", "A {} B"):
                for _ in range(each):
                    value = make(draw)
                    texts.append(Planted(language, "", form, value, frame.format(value)))
    return texts
