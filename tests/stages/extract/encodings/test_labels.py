import pytest

from stages.extract.encodings import decode_as, encoding_of
from stages.extract.encodings.labels import STANDARD


def test_the_standard_has_228_labels_for_40_encodings():
    assert len(STANDARD) == 228
    assert len(set(STANDARD.values())) == 40


def test_every_label_means_an_encoding_that_reads_ascii_or_nothing():
    for label in STANDARD:
        encoding = encoding_of(label)
        body = "ab".encode("utf-16-le" if encoding == "utf-16le" else "ascii")
        body = "ab".encode("utf-16-be") if encoding == "utf-16be" else body
        assert decode_as(body, encoding).text == ("\ufffd" if encoding == "replacement" else "ab")


@pytest.mark.parametrize(
    ("label", "encoding"),
    [
        ("GB2312", "gb18030"),
        ("x-gbk", "gb18030"),
        (" iso-ir-58\n", "gb18030"),
        ("big5-hkscs", "big5"),
        ("x-x-big5", "big5"),
        ("ks_c_5601-1987", "euc-kr"),
        ("windows-31j", "shift_jis"),
        ("us-ascii", "windows-1252"),
        ("latin5", "windows-1254"),
        ("tis-620", "windows-874"),
        ("unicode", "utf-16le"),
        ("unicodefffe", "utf-16be"),
        ("hz-gb-2312", "replacement"),
        ("iso-2022-kr", "replacement"),
        ("'utf8'", "utf-8"),
        ("cp936", "gb18030"),
    ],
)
def test_labels_mean_what_browsers_take_them_for(label, encoding):
    assert encoding_of(label) == encoding


@pytest.mark.parametrize(
    "label", ["base64", "rot13", "utf-7", "utf-32", "idna", "", "a\x00b", None]
)
def test_a_label_that_the_standard_does_not_know_means_nothing(label):
    assert encoding_of(label) is None
