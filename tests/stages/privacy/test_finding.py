"""What counts as personal data in a text, and what only looks like it."""

import time

import pytest

from benchmarks.privacy import score
from benchmarks.privacy_texts import LIMITS, LOOKALIKES, planted
from stages.privacy import PLACEHOLDERS, PersonalDataKind, find, mask
from stages.privacy.digits import check_digit, is_luhn
from stages.privacy.kinds import hide


def values(text):
    return [(str(item.kind), text[item.start : item.end]) for item in find(text)]


@pytest.mark.parametrize(
    ("text", "kind", "value"),
    [
        ("邮箱：li_wei@163.com。", "email_address", "li_wei@163.com"),
        ("See jane.doe [at] site [dot] org", "email_address", "jane.doe [at] site [dot] org"),
        ("Mail x@site.com.Please answer", "email_address", "x@site.com"),
        ("手机：13812345678", "phone_number", "13812345678"),
        ("王先生 138-1234-5678", "phone_number", "138-1234-5678"),
        ("微信 １３８１２３４５６７８", "phone_number", "１３８１２３４５６７８"),
        ("电话：(010)62345678转801", "phone_number", "(010)62345678转801"),
        ("電話 02-2345-6789", "phone_number", "02-2345-6789"),
        ("at (415) 555-2671.", "phone_number", "(415) 555-2671"),
        ("+44 20 7183 8750", "phone_number", "+44 20 7183 8750"),
        ("Tel: 0871 527 8802 *", "phone_number", "0871 527 8802"),
        ("身份证11010519491231002X，男", "id_number", "11010519491231002X"),
        ("身份证：110105 19491231 002X", "id_number", "110105 19491231 002X"),
        ("身份证 110105491231002", "id_number", "110105491231002"),
        ("卡号 4111 1111 1111 1111", "bank_card", "4111 1111 1111 1111"),
        ("from 61.135.169.121:80", "ip_address", "61.135.169.121"),
        ("http://61.135.169.121/a", "ip_address", "61.135.169.121"),
        ("addr 2a00:1450:4001::1/64", "ip_address", "2a00:1450:4001::1"),
    ],
)
def test_an_item_is_found_whole(text, kind, value):
    assert values(text) == [(kind, value)]


@pytest.mark.parametrize(
    "text",
    [
        "订单号：13812345678",
        "https://shop.cn/item?id=13812345678",
        "ISBN 978-7-111-40701-0",
        "1588300000, 1588300000123, 2019-05-03 12:30:45",
        "v5.10.2.100, 10.0.19041.1, see 3.2.1.4",
        "192.168.1.1, 203.0.113.9, 255.255.255.0",
        "¥13,812,345,678 and 13812345678元",
        "x = 3.14159265358979, 2^82589933-1",
        "10.1038/s41586-020-2649-2",
        "31.230416, 121.473701",
        "110105194912310021 has a wrong check digit",
        "4111111111111112 too",
        "110105194913310026",
        "11 0105 1949 1231 002X",
        "logo@2x.png, git@github.com:a/b.git, me@example.com, a@b.invalid",
        "https://lists.org/r/30th.repost@mail.org and http://localhost@other.com",
        "00:1a:2b:3c:4d:5e",
        "fe80::1, 2001:db8::1, fd7d:844d:3e17:f3ae::1",
        "400-123-4567, 1-800-555-0100",
        "4018 4349 4220 4632 5041 5490 6775",
        "it makes 11 recursive calls 3628800",
        "",
    ],
)
def test_what_only_looks_like_personal_data_is_left(text):
    assert values(text) == []


def test_two_numbers_side_by_side_are_two_items():
    assert len(values("电话 13812345678 13912345678，13712345678/13612345678")) == 4


def test_most_of_what_is_planted_is_found_and_little_else():
    cases = [case for case in planted(seed=7, each=4) if case.form not in LIMITS]
    for kind, counts in score(cases).items():
        assert counts["found"] >= 0.99 * counts["planted"], kind
        assert counts["wrong"] <= 0.01 * counts["found"], kind
    assert len(LOOKALIKES) >= 25


def test_a_check_digit_is_a_sum_over_all_digits():
    assert check_digit("11010519491231002") == "X"
    assert not any(is_luhn(f"4111111111{digit}11111") for digit in "023456789")


def test_a_mask_is_no_item_and_leaves_the_rest_as_it_was():
    text = "甲：a1@qq.com\n乙：13812345678，61.135.169.121\n"
    masked, edits = mask(text, find(text))
    assert masked == "甲：[email address]\n乙：[phone number]，[ip address]\n"
    assert find(masked) == []
    assert [(edit.line, edit.reason) for edit in edits] == [
        (0, "email_address"),
        (1, "phone_number"),
        (1, "ip_address"),
    ]
    assert set(PLACEHOLDERS) == set(PersonalDataKind)


def test_the_account_of_what_was_masked_does_not_give_it_away():
    assert hide("13812345678") == "13*******78"
    _, (edit,) = mask("13812345678", find("13812345678"))
    assert "1234567" not in edit.text


@pytest.mark.slow
@pytest.mark.parametrize(
    "piece",
    ["@", "a@", "1", "1 ", "(", "+1 ", "1.", "2001:", "a.b@c.", "13812345678 ", "[at] ", "0"],
)
def test_a_megabyte_of_anything_takes_seconds(piece):
    text = piece * (1_000_000 // len(piece))
    find("a@b.cn")
    start = time.perf_counter()
    find(text)
    assert time.perf_counter() - start < 20
