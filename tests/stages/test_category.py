"""The category stage: writes the class, keeps everything."""

import pickle

from schemas.verdict import Decision
from stages.category import Category


def judge(*rows, model="embedded"):
    return pickle.loads(pickle.dumps(Category(model=model))).open()(rows)


def test_a_document_gets_its_class_and_is_kept():
    text = "The telescope saw a galaxy; astronomers found a supernova near the black hole."
    verdict = judge({"title": "", "text": text})[0]
    assert verdict.decision is Decision.KEEP
    assert verdict.columns["category"] == "astronomy"
    assert 0 < verdict.columns["category_score"] < 1


def test_the_title_is_evidence_too():
    rows = [{"title": title, "text": "It was seen again."} for title in ("", "Galaxy, supernova")]
    assert [v.columns["category"] for v in judge(*rows, model="lexicon")] == [
        "general_web",
        "astronomy",
    ]


def test_an_absent_or_empty_text_is_general():
    verdicts = judge({"title": None, "text": None}, {"title": "", "text": ""})
    assert [v.columns["category"] for v in verdicts] == ["general_web", "general_web"]


def test_the_resources_follow_the_taxonomy(tmp_path):
    from conf import locate

    changed = tmp_path / "taxonomy.toml"
    content = locate("taxonomy.toml").read_text(encoding="utf-8")
    changed.write_text(content.replace('"telescope"', '"radio dish"'), encoding="utf-8")
    mine = list(Category(taxonomy=str(changed)).resources().values())
    assert mine != list(Category().resources().values())
