"""Stages with an embedded model and a checkpoint, as a configuration says them."""

import pytest

from conf import locate
from conf.records import ConfigError
from curation.config import load_config
from curation.run.chain_checks import check_columns
from models.cascade import Cascade
from stages.quality import Quality


def configured(*overrides):
    return load_config(locate("local.toml"), list(overrides))


def columns(config):
    return {name for step in check_columns(config) for name in step}


def test_a_cascade_is_a_table_of_its_stage():
    config = configured("stage.quality.cascade={min_sent=0.1,max_sent=0.5}")
    assert config.stage["quality"].cascade == Cascade(min_sent=0.1, max_sent=0.5)
    config = configured("stage.quality.cascade.max_sent_ratio=0.2")
    assert config.stage["quality"].cascade == Cascade(max_sent_ratio=0.2)


def test_who_judged_is_a_column_of_cascades_alone():
    names = {f"{stage}_judged_by" for stage in ("page_type", "quality", "category")}
    assert not names & columns(configured())
    assert columns(configured("stage.quality.cascade={max_sent=0.5}")) & names == {
        "quality_judged_by"
    }


@pytest.mark.parametrize(
    ("said", "words"),
    [
        ("cascade={max_sent=1.5}", "less than or equal to 1"),
        ("cascade={max_send=0.5}", "did you mean 'max_sent'"),
        ("cascade={min_sent=0.5}", "needs max_sent"),
        ("cascade=0.2", "must be a table"),
        ("weights=3", "valid string"),
    ],
)
def test_what_is_no_cascade_is_told_by_its_key(said, words):
    with pytest.raises(ConfigError, match=words) as raised:
        configured(f"stage.quality.{said}")
    assert "stage.quality" in str(raised.value)


def test_weights_that_are_not_there_are_told(tmp_path):
    with pytest.raises(ValueError, match="there is no such folder"):
        Quality(weights=str(tmp_path / "none")).resources()
    with pytest.raises(ValueError, match=r"has no quality_\*\.json"):
        Quality(weights=str(tmp_path)).resources()
    (tmp_path / "quality_en.json").write_text("{}")
    with pytest.raises(ValueError, match="is not a file of linear weights"):
        Quality(weights=str(tmp_path)).resources()
