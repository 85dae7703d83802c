"""The oracle is the standard's own index files.

Their lines, without comments, padding and names ("pointer TAB 0xCODE"), have these SHA-256:
``grep -v '^#' index-big5.txt | grep . | awk '{print $1 "\\t" $2}' | sha256sum``.
"""

import hashlib
from itertools import chain

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stages.extract.encodings import decode_as
from stages.extract.encodings.labels import STANDARD

SINGLE_BYTE = sorted(
    set(STANDARD.values())
    - {"utf-8", "utf-16le", "utf-16be", "replacement", "iso-2022-jp"}
    - {"gb18030", "gbk", "big5", "euc-kr", "euc-jp", "shift_jis"}
)


def pairs(leads, trails):
    return [bytes((lead, trail)) for lead in leads for trail in trails]


LOW = range(0x40, 0x7F)
INDEXES = {  # encoding: every sequence in the order of its pointer, and the SHA-256
    "gb18030": (
        pairs(range(0x81, 0xFF), (*LOW, *range(0x80, 0xFF))),
        "be046fcbcf82b9a256589ca6d70e3f9ec1211c3e6311b7b139ee272c56147ef6",
    ),
    "big5": (
        pairs(range(0x81, 0xFF), (*LOW, *range(0xA1, 0xFF))),
        "a20305523eda6110b2256fe226c1345a12a0813e96fc044da38e6656d3c498ba",
    ),
    "euc-kr": (
        pairs(range(0x81, 0xFF), range(0x41, 0xFF)),
        "be67c922acef6f1921ed7c513916c4865b6cbfa1b51484161d5989cdde462358",
    ),
    "shift_jis": (
        pairs((*range(0x81, 0xA0), *range(0xE0, 0xFD)), (*LOW, *range(0x80, 0xFD))),
        "bfc6e9887623bea03848d7771e637f86e55316a3e19c6c5c09eaf27f499c4c90",
    ),
}
JIS_0212 = "71d2c7ef449c660af864598c81aa6c03be4222ee37c717f91acec8c861e7d575"
USER_DEFINED = range(8836, 10716)  # of Shift_JIS, which the standard computes


def index_lines(encoding, sequences, skipped=()):
    for pointer, sequence in enumerate(sequences):
        text, errors = decode_as(sequence, encoding)
        if not errors and len(text) == 1 and pointer not in skipped:
            yield f"{pointer}\t0x{ord(text):04X}\n"


def digest(lines):
    return hashlib.sha256("".join(lines).encode()).hexdigest()


@pytest.mark.parametrize("encoding", INDEXES)
def test_every_two_byte_sequence_reads_as_the_index_has_it(encoding):
    sequences, expected = INDEXES[encoding]
    skipped = USER_DEFINED if encoding == "shift_jis" else ()
    assert digest(index_lines(encoding, sequences, skipped)) == expected


def test_euc_jp_and_iso_2022_jp_read_as_shift_jis_does():
    sequences, _ = INDEXES["shift_jis"]
    jis = pairs(range(0x21, 0x7F), range(0x21, 0x7F))
    for sequence, pair in zip(sequences[: len(jis)], jis, strict=True):
        expected = decode_as(sequence, "shift_jis")
        high = bytes(byte | 0x80 for byte in pair)
        for body, encoding in (
            (high, "euc-jp"),
            (b"\x1b$B" + pair + b"\x1b(B", "iso-2022-jp"),
        ):
            found = decode_as(body, encoding)
            assert (found.errors > 0) == (expected.errors > 0), pair.hex()
            assert found.errors or found.text == expected.text, pair.hex()


def test_every_three_byte_sequence_of_euc_jp_reads_as_the_index_has_it():
    sequences = [b"\x8f" + pair for pair in pairs(range(0xA1, 0xFF), range(0xA1, 0xFF))]
    assert digest(index_lines("euc-jp", sequences)) == JIS_0212


def test_four_bytes_of_gb18030_read_as_ranges_have_it():
    def sequence(pointer):
        pointer, fourth = divmod(pointer, 10)
        pointer, third = divmod(pointer, 126)
        first, second = divmod(pointer, 10)
        return bytes((first + 0x81, second + 0x30, third + 0x81, fourth + 0x30))

    exchanged = sequence(7457)  # U+1E3F to Python, which the standard has at A8BC
    assert decode_as(exchanged, "gb18030").text == "\ue7c7"
    for pointer in chain(range(39_420), range(189_000, 1_237_576, 97)):
        found = decode_as(sequence(pointer), "gb18030")
        assert found.text == sequence(pointer).decode("gb18030") or pointer == 7457
        assert found.errors == 0
    for pointer in (39_420, 188_999, 1_237_576):
        assert decode_as(sequence(pointer) + b"<", "gb18030") == ("\ufffd<", 1)


def test_every_single_byte_encoding_reads_every_byte_as_its_index_has_it():
    lines = []
    for encoding in SINGLE_BYTE:
        high = [bytes((byte,)) for byte in range(0x80, 0x100)]
        lines += [f"{encoding}\n", *index_lines(encoding, high)]
    assert len(SINGLE_BYTE) == 29
    assert digest(lines) == "47bfc6a9324128aa4a3f5c9ef678894a0fc01b323ee46947a2e5f169a8497547"


@pytest.mark.parametrize(
    ("body", "text"),
    [
        (b"\xa3\xa0\xa3\xa0\x80", "\u3000\u3000€"),
        (b"\xa6\xd9\xa6\xdf\xa8\xbc\xfe\x59", "\ufe10\ufe16\u1e3f\u9fb4"),
        (b"\x84\x31\xa4\x37", "\ufffd"),
        (b"\xaa\xa1\xf8\xa1", "\ue000\ue234"),
    ],
)
def test_gb18030_where_pythons_codec_differs(body, text):
    assert decode_as(body, "gb18030") == (text, 0)


@pytest.mark.parametrize(
    ("body", "text"),
    [
        (b"\xa1\xfe\xa2\x41\xa2\x40\xa2\x42", "／∕＼﹨"),
        (b"\xa4\xa4\x41\xa2\x41", "中A∕"),  # A4A2 41 is no such sequence
        (b"\x88\x62\x88\xa5", "\u00ca\u0304\u00ea\u030c"),
        (b"\xa3\xe1\xc6\xa1\x87\xdf", "€①鿋"),
    ],
)
def test_big5_where_pythons_codec_differs(body, text):
    assert decode_as(body, "big5") == (text, 0)


@pytest.mark.parametrize(
    ("encoding", "body", "text"),
    [
        ("gb18030", b"\x81<b>", "�<b>"),
        ("gb18030", b"\xff\x81\xff<", "��<"),
        ("gb18030", b"\x810\x81<", "�0�<"),
        ("big5", b"\x81\x80\xa2\x41<", "�∕<"),
        ("big5", b"\xa1<", "�<"),
        ("euc-kr", b"\xfe\xff\xa1<", "��<"),
        ("shift_jis", b"\x81<\xa0\xfd\x80", "�<��\x80"),
        ("euc-jp", b"\x8f\xa1\xa1\x8f\xa2<\x8e\xe0<", "��<�<"),
        ("iso-2022-jp", b"\x1b$B \x1b(Ba\x0e\xe9", "�a��"),
        ("windows-1252", b"\x81\x8d", "\x81\x8d"),
        ("windows-1253", b"\xaa\xd2", "��"),
        ("utf-16le", b"\x00\xd8a\x00", "�a"),
        ("utf-8", b"\xe4\xb8\xe4\xb8\xad\xff\xef\xbf\xbd", "�中�\ufffd"),
    ],
)
def test_what_cannot_be_read_is_replaced_as_the_standard_says(encoding, body, text):
    found = decode_as(body, encoding)
    assert found.text == text
    assert found.errors == text.count("�") - body.count(b"\xef\xbf\xbd")


@pytest.mark.parametrize(
    ("encoding", "body"),
    [
        ("gb18030", "中文".encode("gb18030")[:-1]),
        ("gb18030", b"\xd6\xd0\x81\x30\x81"),
        ("big5", "中文".encode("big5")[:-1]),
        ("euc-kr", "中文".encode("cp949")[:-1]),
        ("shift_jis", "中文".encode("cp932")[:-1]),
        ("euc-jp", "中".encode("euc_jp") + b"\x8f\xb0"),
        ("utf-8", "中文".encode()[:-1]),
        ("utf-16le", "中文".encode("utf-16-le")[:-1]),
    ],
)
def test_a_character_that_is_cut_off_at_the_end_is_no_error(encoding, body):
    assert decode_as(body, encoding) == ("中", 0)


@given(st.binary(max_size=60), st.sampled_from([*sorted(set(STANDARD.values())), "hz-gb-2312"]))
def test_no_bytes_raise_in_any_encoding(body, encoding):
    text, errors = decode_as(body, encoding)
    assert text.count("\ufffd") >= errors
    text.encode()


def test_a_tilde_that_shifts_nothing_stays():
    assert (
        decode_as(b"~~/~{VPND~}/~user/~{VPND\nnext", "hz-gb-2312").text == "~/中文/~user/中文\nnext"
    )


def test_iso_2022_jp_has_kana_of_half_width_too():
    assert decode_as(b"\x1b(I1\x1b(J1\x1b$@F|\x1b(B", "iso-2022-jp").text == "ｱ1日"
