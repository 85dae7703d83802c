import pickle

import pyarrow as pa

from schemas.verdict import Decision
from stages.rules import Rules
from tests.stages.rules.texts import GOOD


def row(text, language="en", url="", title=""):
    return {"text": text, "language": language, "url": url, "title": title}


def test_kept_and_removed_documents_both_carry_measures_of_the_declared_type():
    kept, removed = Rules().open()([row(GOOD["en"]), row("")])
    assert (kept.decision, removed.decision) == (Decision.KEEP, Decision.REMOVE)
    for verdict in (kept, removed):
        value = verdict.columns["measures"]
        assert pa.array([value], Rules.writes["measures"]).to_pylist() == [value]


def test_absent_columns_count_as_empty():
    (verdict,) = Rules().open()([row(None, "zh", None, None)])
    assert (verdict.decision, verdict.reason) == (Decision.REMOVE, "text_too_short")


def test_a_language_without_rules_is_quarantined_not_kept():
    (verdict,) = Rules().open()([row(GOOD["en"], "fr")])
    assert (verdict.decision, verdict.reason) == (Decision.QUARANTINE, "no_rules_for_language")


def test_families_that_are_off_do_not_decide():
    (verdict,) = Rules(families=("meta",)).open()([row("")])
    assert verdict.decision is Decision.KEEP


def test_the_stage_pickles_and_names_its_files():
    stage = pickle.loads(pickle.dumps(Rules()))
    assert stage == Rules()
    assert set(stage.resources()) >= {"en.toml", "zh.toml", "sites/mediawiki.toml"}
