"""What all languages are asked for together, on the two that ship and on made-up ones."""

import re

import pytest

from conf.records import ConfigError
from curation.testing.samples import CHINESE, ENGLISH
from models.text import languages
from models.text.languages import COMMONEST, CURATED, DATE, KNOWN, Languages, Sign
from models.text.reading import Reading
from models.text.shape import is_chinese

LOJBAN = """
labels = ["jbo"]
script = "Latin"
segmentation = "blanks"
end_marks = ["‖"]
stop_words = ["lo", "cu"]
[function_words]
commonest = ["lo", "cu", "le"]
common = ["mi"]
others = ["do", "ti"]
"""
THAI = """
script = "Thai"
segmentation = "blanks"
end_marks = ["ฯ"]
stop_words = ["ที่"]
function_words = { commonest = ["ที่"] }
"""


@pytest.fixture
def read(tmp_path):
    """Reads a folder that has the named files beside those of English and Chinese."""

    def with_files(**files):
        shipped = {code: one for code, one in KNOWN.records.items() if code not in files}
        for code, content in files.items():
            (tmp_path / f"{code}.toml").write_text(content, "utf-8")
        return Languages({**shipped, **Languages.read(tmp_path).records})

    return with_files


def test_the_curated_languages_are_known():
    assert set(CURATED) == set(KNOWN.codes)


@pytest.mark.parametrize("code", ["zh", "zh-Hant", "ZH_tw", "cmn", "cmn_Hani", "zho_Hans", "chi"])
def test_a_language_is_found_by_code_or_label_whatever_its_script(code):
    assert KNOWN.find(code) is KNOWN.records["zh"]


@pytest.mark.parametrize("code", ["", "yue", "yue_Hani", "fr", "english"])
def test_what_is_not_known_is_not_found(code):
    assert KNOWN.find(code) is None


@pytest.mark.parametrize(
    ("text", "code"),
    [(ENGLISH, "en"), (CHINESE, "zh"), ("用 Python 写网页", "zh"), ("", "en"), ("12 ! ю", "en")],
)
def test_the_script_that_says_most_decides(text, code):
    assert KNOWN.guess(text, CURATED).code == code
    assert is_chinese(text) is (code == "zh")


def test_function_words_decide_between_languages_of_one_script(read):
    known = read(jb=LOJBAN)
    assert known.guess("mi klama le zarci", known.codes).code == "jb"
    assert known.guess("I go to the market", known.codes).code == "en"
    assert known.guess("mi klama le zarci", CURATED).code == "en"


def test_words_are_found_whole_between_blanks_and_anywhere_without():
    commonest = KNOWN.search.count(["The softof: OF 目的在"], [COMMONEST])
    assert commonest[COMMONEST].tolist() == [4]
    assert KNOWN.count_signs(Sign.FORUM, "Posts: 3, outposts, 楼主说, 回复(2)") == 3
    assert KNOWN.count_signs(Sign.FIRST_PERSON, "I told me, 我说, 我们") == 3


def test_an_identifier_is_no_word_of_a_sign():
    assert KNOWN.count_signs(Sign.NAVIGATE, "account_sid, ACCOUNT_SID, account-sid") == 1


def test_every_sign_has_words_in_both_languages():
    assert [
        (one.code, sign) for one in KNOWN.records.values() for sign in Sign if not one.signs[sign]
    ] == []


def test_dates_are_digits_or_a_month_by_name():
    texts = [
        "2020-05",
        "2021年3月",
        "Sept. 9",
        "June 2020",
        "mayor 3",
        "May",
        "12020-05",
        "remark 3",
    ]
    assert KNOWN.search.count(texts, [DATE])[DATE].tolist() == [1, 1, 1, 1, 1, 0, 0, 0]


def test_the_marks_of_a_language_end_sentences_once_it_is_known(read, monkeypatch):
    text = "mi klama ‖ do klama"
    assert len(Reading(text).sentences.widths) == 1
    assert Reading("mi klama ‖").lines.ended.tolist() == [0]
    monkeypatch.setattr(languages, "KNOWN", read(jb=LOJBAN))
    assert Reading(text).sentences.widths.tolist() == [8, 8]
    assert Reading("mi klama ‖").lines.ended.tolist() == [1]


def test_the_digest_follows_every_file(read):
    one, other = read(jb=LOJBAN).digest, read(jb=LOJBAN + "# a comment\n").digest
    assert len({KNOWN.digest, one, other}) == 3


def test_any_script_of_unicode_can_be_named(read):
    known = read(th=THAI)
    assert known.guess("ภาษาไทย Thai", known.codes).code == "th"


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ('script = "Latin"', 'script = "Latinn"', "'Latinn' is no script of Unicode"),
        ('"blanks"', '"spaces"', "segmentation = 'spaces': input should be 'blanks' or 'jieba'"),
        ('["lo", "cu"]\n[', '["lo", "cu"]\nwords = 1\n[', "words = 1: is not a known key"),
        ('"mi"', '"lo"', "function_words: 'lo' must be in lower case and stand in the lists once"),
        ('"mi"', '"Mi"', "function_words: 'Mi' must be in lower case and stand in the lists once"),
        ('"‖"', '"||"', "end_marks.0 = '||': .* at most 1 character"),
        ('labels = ["jbo"]\n', 'months = ["(jan"]\n', r"'\(jan' is no regular expression"),
        ("[function_words]", '[signs]\nforum = ["("]\n[function_words]', r"'\(' is no regular"),
        ("[function_words]", '[signs]\nforums = ["x"]\n[function_words]', "signs.*forums"),
        ('stop_words = ["lo", "cu"]\n', "", "stop_words: is required"),
        ("labels", "labels = [", "not valid TOML"),
    ],
)
def test_a_malformed_record_is_refused_with_file_key_value_and_rule(read, old, new, message):
    assert old in LOJBAN
    message = message if "\\" in message else re.escape(message).replace(r"\.\*", ".*")
    with pytest.raises(ConfigError, match=rf"jb\.toml: .*{message}"):
        read(jb=LOJBAN.replace(old, new, 1))


def test_a_label_of_two_languages_is_refused(read):
    with pytest.raises(ValueError, match="'eng' is a code or a label of two languages"):
        read(jb=LOJBAN.replace("jbo", "eng"))
