"""Phases of a configuration: other settings of the last step and of outputs, and nothing else."""

import re
import tomllib

import jsonschema
import pytest

from conf.records import ConfigError
from curation.batches.run_record import settings_of
from curation.cli.config_schema import config_schema
from curation.config import load_config

CONF = """
name = "mixed"
[[step]]
name = "prepare"
stages = ["language", "category"]
[[step]]
name = "balance"
stages = ["balance"]
[stage.balance]
max_copies = 3
targets = { physics = 0.06 }
[export]
seed = 4
"""
PHASE = """
[phases.annealing.stage.balance]
targets = { knowledge = 0.9 }
[phases.annealing.export]
rows_per_shard = 10
"""


def read(tmp_path, content, *overrides):
    path = tmp_path / "mixed.toml"
    path.write_text(content)
    return load_config(path, overrides)


def test_a_phase_has_the_settings_of_the_pipeline_but_for_its_own(tmp_path):
    config = read(tmp_path, CONF + PHASE)
    phase = config.phases["annealing"]
    assert phase.phase == "annealing"
    assert phase.stage["balance"].targets == {"knowledge": 0.9}
    assert phase.stage["balance"].max_copies == 3
    assert (phase.outputs["export"].seed, phase.outputs["export"].rows_per_shard) == (4, 10)
    assert phase.step == config.step
    assert config.stage["balance"].targets == {"physics": 0.06}


def test_a_run_with_phases_is_of_the_same_configuration_as_one_without(tmp_path):
    assert settings_of(read(tmp_path, CONF + PHASE)) == settings_of(read(tmp_path, CONF))


def test_a_phase_can_be_said_beside_the_file(tmp_path):
    config = read(tmp_path, CONF, "phases.annealing.stage.balance.seed=9")
    assert config.phases["annealing"].stage["balance"].seed == 9


@pytest.mark.parametrize(
    ("phase", "message"),
    [
        (
            "[phases.annealing.stage.language]\nmin_confidence = 0.5",
            "phases.annealing.stage.language",
        ),
        (
            "[phases.annealing.pack]\nseed = 1",
            "phases.annealing.pack = {'seed': 1}: is nothing that",
        ),
        ("[phases.annealing]\nname = 'x'", "phases.annealing.name = 'x': is nothing that a phase"),
        (
            "[phases.annealing.stage.balance]\nx = 1",
            "phases.annealing: stage.balance.x = 1: is not",
        ),
        ("[phases.'a/b'.stage.balance]\nseed = 1", "is no name"),
        ("[phases.annealing]\nstage = 3", "phases.annealing.stage = 3: must be a table"),
        ("[phases]\nannealing = 3", "phases.annealing = 3: must be a table"),
    ],
)
def test_a_phase_that_cannot_be_is_told_by_its_key(tmp_path, phase, message):
    with pytest.raises(ConfigError, match=re.escape(message)):
        read(tmp_path, f"{CONF}{phase}\n")


def test_editors_complete_phases():
    schema = config_schema()
    jsonschema.validate(tomllib.loads(CONF + PHASE), schema)
    with pytest.raises(jsonschema.ValidationError, match="rows_per_shards"):
        jsonschema.validate(
            tomllib.loads(CONF + PHASE.replace("rows_per_shard", "rows_per_shards")), schema
        )
