import gzip
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stages.extract.charset import Origin, codec_of, declared_in, decode

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
        assert (decoded.charset, decoded.errors) == ("big5-hkscs", 0)
    assert rows


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


def test_a_claim_in_a_comment_is_none():
    assert declared_in(b'<!-- <meta charset="big5"> --><meta charset=gbk>') == "gbk"


@pytest.mark.parametrize(
    "label", ["base64", "rot13", "utf-7", "idna", "no-such", "", "a\x00b", None]
)
def test_a_label_that_is_no_charset_of_text_claims_nothing(label):
    assert codec_of(label) is None


@given(st.binary(max_size=300), st.sampled_from([None, *FALSE_CLAIMS, "hz", "iso-2022-jp"]))
def test_no_bytes_raise(body, claim):
    assert isinstance(decode(body, claim).text, str)


@given(st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=200))
def test_utf8_comes_back_unchanged(text):
    assert decode(text.encode()).text == text.removeprefix("\ufeff")
