import gzip
import json
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stages.extract.charset import Origin, decode
from stages.extract.encodings import decode_as
from stages.extract.encodings.declared import PRESCAN_BYTES, declared_in
from tests.growth import excess

FALSE_CLAIMS = ("utf-8", "iso-8859-1", "gbk", "big5", "windows-1251", "euc-jp", "bogus", "")
CHINESE = "今天的天气很好，我们一起去公园散步，看见许多人在湖边休息。"


def manifest(folder):
    return [json.loads(line) for line in (folder / "manifest.jsonl").read_text().splitlines()]


@pytest.mark.parametrize("claim", [None, *FALSE_CLAIMS])
def test_every_chinese_page_reads_as_its_strict_decoder_reads_it_whatever_the_header(
    real_data, claim
):
    folder = real_data / "extraction" / "zh"
    for row in manifest(folder):
        body = gzip.decompress((folder / "html" / f"{row['id']}.html.gz").read_bytes())
        decoded = decode(body, claim)
        assert decoded.errors == 0, row["id"]
        assert decoded.text == body.decode(row["actual"]).removeprefix("\ufeff"), row["id"]


@pytest.mark.parametrize("claim", [None, "utf-8", "iso-8859-1", "gbk"])
def test_big5_pages_read_as_their_independent_utf8_copies(real_data, claim):
    folder = real_data / "encoding" / "g0v_big5"
    rows = [row for row in manifest(folder) if row["cp950_equals_utf8copy"] == "1"]
    assert len(rows) > 50
    for row in rows:
        ours = decode((folder / "raw" / row["file"]).read_bytes(), claim).text
        copy = (folder / "utf8" / row["file"]).read_bytes().decode("utf-8")
        assert ours.replace("charset=big5", "charset=utf8").split() == copy.split(), row["file"]


def test_hong_kong_pages_read_without_errors(real_data):
    folder = real_data / "encoding" / "g0v_big5"
    rows = [row for row in manifest(folder) if row["strict_decoder"] == "big5hkscs"]
    for row in rows:
        decoded = decode((folder / "raw" / row["file"]).read_bytes())
        assert (decoded.charset, decoded.errors) == ("big5", 0)
    assert rows


@pytest.mark.parametrize("claim", [None, "gb2312", "utf-8", "windows-1252", "utf-16"])
def test_no_page_in_big5_has_an_error_whatever_the_header(real_data, claim):
    for path in sorted((real_data / "encoding" / "g0v_big5" / "raw").iterdir()):
        decoded = decode(path.read_bytes(), claim)
        assert (decoded.charset, decoded.errors) == ("big5", 0), path.name


@pytest.mark.parametrize(
    ("folder", "codec"),
    [("GB2312", "gb18030"), ("Big5", "cp950"), ("EUC-JP", "euc_jp"), ("UTF-16LE", "utf-16-le"),
     ("UTF-16BE", "utf-16-be"), ("UTF-32LE", "utf-32-le"), ("UTF-32BE", "utf-32-be"),
     ("utf-8-sig", "utf-8-sig")],
)  # fmt: skip
def test_samples_in_other_charsets_read_as_their_own_codec_reads_them(real_data, folder, codec):
    for path in sorted((real_data / "encoding" / "chardet" / folder).iterdir()):
        body = path.read_bytes()
        expected = body.decode(codec, "replace").removeprefix("\ufeff")
        if codec == "euc_jp":  # the standard's index has the forms of Windows
            expected = expected.translate(str.maketrans("〜‖−¢£¬", "～∥－￠￡￢"))
        assert decode(body).text == expected, path.name


def test_what_is_utf8_is_utf8_whatever_header_and_meta_say():
    body = f'<meta charset="gb2312"><p>{CHINESE}</p>'.encode()
    assert decode(body, "big5").charset == "utf-8"
    assert decode(body, "big5").origin is Origin.BYTES


def test_a_byte_order_mark_outranks_the_header_and_is_no_text():
    assert decode(b"\xef\xbb\xbfabc", "gbk").text == "abc"
    assert decode(CHINESE.encode("utf-16"), "gbk").text == CHINESE


def test_a_true_header_is_taken_before_the_detector():
    decoded = decode(CHINESE.encode("gb18030"), "gb2312")
    assert (decoded.charset, decoded.origin) == ("gb18030", Origin.HTTP)


def test_characters_outside_gb2312_are_read_under_that_claim():
    body = "朱镕基，㐀，喆，€".encode("gb18030") + CHINESE.encode("gb18030")
    assert decode(body, "gb2312").text == "朱镕基，㐀，喆，€" + CHINESE


def test_latin1_means_windows_1252():
    assert decode("“naïve” – café".encode("cp1252"), "iso-8859-1").text == "“naïve” – café"


def test_a_character_cut_off_at_the_end_is_no_error():
    decoded = decode(CHINESE.encode()[:-1])
    assert (decoded.charset, decoded.errors, decoded.text) == ("utf-8", 0, CHINESE[:-1])


def test_a_few_bad_bytes_do_not_change_the_charset():
    damaged = CHINESE.encode() * 20 + b"\xff" + CHINESE.encode()
    decoded = decode(damaged, "gbk")
    assert (decoded.charset, decoded.errors) == ("utf-8", 1)
    damaged = CHINESE.encode("gbk") * 50 + b"\xff\xff" + CHINESE.encode("gbk")
    assert decode(damaged, "utf-8").charset == "gb18030"


def test_a_claim_in_a_comment_or_without_a_meaning_is_none():
    page = b'<!-- <meta charset="big5"> --><meta charset=none><meta charset=gbk>'
    assert declared_in(page) == "gbk"


@pytest.mark.parametrize("tags", [(0, 1), (1, 0)])
def test_a_second_meta_without_a_charset_takes_nothing_away(tags):
    metas = (
        b'<meta http-equiv="Content-Type" content="text/html; charset=big5">',
        b'<meta http-equiv="Content-Type" content="text/html">',
    )
    assert declared_in(b"".join(metas[tag] for tag in tags)) == "big5"


@pytest.mark.parametrize("claim", [None, "gb18030"])
@pytest.mark.parametrize("unit", [b"\x81 ", b"\xa2\x41", b"\x810", b"~{a", b"\x1b$B \x1b(B"])
def test_any_bytes_are_decoded_in_linear_time(unit, claim):
    assert not excess(lambda size: unit * size, lambda body: decode(body, claim))


def page(text):
    return f"<html><body><div class=a><p>{text}</p></div></body></html>"


TRADITIONAL = "今天的天氣很好，我們一起去公園散步，看見許多人在湖邊休息。"
JAPANESE = "これは日本語の文章です。今日は天気がよいので、公園を散歩しました。"
KOREAN = "오늘은 날씨가 좋아서 우리는 공원을 산책했습니다. 많은 사람들이 쉬고 있었습니다."
RUSSIAN = "Сегодня хорошая погода, мы пошли гулять в парк и видели там много людей."


@pytest.mark.parametrize("claim", [None, "gb2312", "gbk", "utf-8", "windows-1252"])
@pytest.mark.parametrize("text", [TRADITIONAL, TRADITIONAL[:8], "我們的網站", "天氣很好"])
def test_big5_is_read_as_such_however_short_and_whatever_it_claims(text, claim):
    decoded = decode(page(text).encode("big5"), claim)
    assert (decoded.text, decoded.charset) == (page(text), "big5")
    claimed = f'<meta charset="{claim}">' + page(text)
    assert decode(claimed.encode("big5")).text == claimed


@pytest.mark.parametrize("claim", [None, "big5", "utf-8", "iso-8859-1"])
@pytest.mark.parametrize("text", [CHINESE, CHINESE[:8], "我们的网站", TRADITIONAL])
def test_gbk_is_read_as_such_however_short_and_whatever_it_claims(text, claim):
    decoded = decode(page(text).encode("gbk"), claim)
    assert (decoded.text, decoded.charset) == (page(text), "gb18030")


@pytest.mark.parametrize("claim", [None, "utf-8", "iso-8859-1", "gb2312"])
@pytest.mark.parametrize("text", ["王伟 李娜 张磊 刘洋 陈静 杨帆", "Weather in 北京", "首页"])
def test_names_and_single_words_are_no_western_text(text, claim):
    assert decode(page(text).encode("gbk"), claim).text == page(text)


@pytest.mark.parametrize("charset", ["gbk", "big5"])
@pytest.mark.parametrize("claim", [None, "iso-8859-1"])
def test_two_chinese_comments_in_english_code_can_be_read(charset, claim):
    comments = "/* 计算变换的结果 */", "/* 版本说明 */"
    if charset == "big5":
        comments = "/* 計算變換的結果 */", "/* 版本說明 */"
    code = ("int transform(int n);\n" * 40).join(["", *comments, ""])
    assert decode(code.encode(charset), claim).text == code


@pytest.mark.parametrize(
    ("text", "charset", "name"),
    [
        ("“Naïve” – it’s 5 € at the café.", "cp1252", None),
        ("Les élèves étaient à l’école, même très tôt.", "cp1252", "windows-1252"),
        (RUSSIAN, "cp1251", "windows-1251"),
        (RUSSIAN, "koi8-r", "koi8-r"),
        (JAPANESE, "euc_jp", "euc-jp"),
        (JAPANESE, "cp932", "shift_jis"),
        (JAPANESE, "iso2022_jp", "iso-2022-jp"),
        (KOREAN, "cp949", "euc-kr"),
        ("สวัสดีครับ วันนี้อากาศดีมาก เราไปสวนสาธารณะกัน", "cp874", "windows-874"),
    ],
)
def test_other_languages_are_not_taken_for_chinese(text, charset, name):
    decoded = decode(page(text).encode(charset))
    assert decoded.text == page(text)
    assert name in {None, decoded.charset}


@pytest.mark.parametrize(
    ("text", "claim"),
    [
        ("법적 또는 국제", "euc-kr"),
        ("並びに失業、疾病", "euc-jp"),
        ("อันคู่คว", "tis-620"),
        ("необходи", "koi8-r"),
    ],
)
def test_a_few_words_in_another_language_are_what_they_claim_to_be(text, claim):
    codec = {"tis-620": "cp874"}.get(claim, claim)
    assert decode(page(text).encode(codec), claim).text == page(text)
    assert decode(page(CHINESE).encode("gbk"), claim).text == page(CHINESE)


@pytest.mark.parametrize("charset", ["utf-16-le", "utf-16-be"])
@pytest.mark.parametrize("claim", [None, "utf-16", "utf-16be", "utf-8", "gbk"])
@pytest.mark.parametrize("text", [page(CHINESE), CHINESE, page("你好"), page(RUSSIAN)])
def test_utf16_without_a_mark_is_read_whatever_the_header(text, claim, charset):
    assert decode(text.encode(charset), claim).text == text


@pytest.mark.parametrize("claim", ["utf-16", "utf-16be", "unicode"])
@pytest.mark.parametrize(
    "body", [b"<p>plain text here", page(CHINESE).encode("gbk"), page(CHINESE).encode()]
)
def test_a_claim_of_utf16_does_not_hold_for_what_is_none(body, claim):
    assert decode(body, claim).text == decode(body).text


@pytest.mark.parametrize("claim", [None, "hz-gb-2312", "gb2312"])
def test_hz_is_read_where_the_bytes_are_hz(claim):
    decoded = decode(page(CHINESE).encode("hz"), claim)
    assert (decoded.text, decoded.charset) == (page(CHINESE), "hz-gb-2312")
    for code in ("a = ~{b: 1}~; c = ~~d ~{ee~}", "~{" * 50, "see ~{VPND~} in RFC 1843"):
        assert decode(code.encode(), claim).text == code


def test_what_only_an_attacker_writes_is_replaced_and_its_label_alone_means_nothing():
    korean = page("오늘은 날씨가 좋아서").encode("iso2022_kr")
    assert decode(korean, "iso-2022-kr").charset == "replacement"
    assert decode(korean, "iso-2022-kr").text == "\ufffd"
    assert decode(b"<p>plain text", "iso-2022-kr").text == "<p>plain text"
    assert decode(page(KOREAN).encode(), "iso-2022-cn").text == page(KOREAN)


def test_x_user_defined_is_private_use_in_a_header_and_windows_1252_in_a_page():
    assert decode(b"<p>caf\xe9!", "x-user-defined").text == "<p>caf\uf7e9!"
    assert decode(b"<meta charset=x-user-defined><p>caf\xe9!").text.endswith("café!")


@pytest.mark.parametrize("wrong", ["latin-1", "windows-1252"])
@pytest.mark.parametrize("rounds", [1, 2, 3])
@pytest.mark.parametrize("text", [CHINESE, TRADITIONAL, "“Été”, déjà vu — très bien"])
def test_utf8_that_was_encoded_again_is_mended(text, rounds, wrong):
    body = page(text).encode()
    for _ in range(rounds):
        body = (
            decode_as(body, wrong).text.encode()
            if wrong != "latin-1"
            else (body.decode(wrong).encode())
        )
    assert decode(body).text == page(text)


@pytest.mark.parametrize(
    "text",
    [
        CHINESE + CHINESE.encode().decode("latin-1"),
        "é is often shown as Ã©, which is two characters: Ã and ©",
        "the sign Ã© on a page",
        "São João, ação, Ângela, à noite",
    ],
)
def test_utf8_of_which_only_a_part_looks_encoded_again_is_left_alone(text):
    assert decode(page(text).encode()).text == page(text)


@given(st.binary(max_size=300), st.sampled_from([None, *FALSE_CLAIMS, "hz", "iso-2022-jp"]))
def test_no_bytes_raise(body, claim):
    assert isinstance(decode(body, claim).text, str)


@given(st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=200))
def test_utf8_comes_back_unchanged(text):
    assert decode(text.encode()).text == text.removeprefix("\ufeff")


def test_spaces_behind_a_charset_cost_time_in_proportion():
    begin = time.process_time()
    assert declared_in(b"<meta charset=" + b" " * PRESCAN_BYTES) is None
    assert time.process_time() - begin < 0.2  # 1.3 s where each run of spaces was tried from each
