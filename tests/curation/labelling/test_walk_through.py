"""The commands of docs/labelling.md, one after the other, on a small run."""

import re
import shlex
from dataclasses import replace
from pathlib import Path

import pytest

from curation.labelling.questions import load_questions
from curation.labelling.records import read_labels, to_lines
from tests.commands import output
from tests.curation.labelling.asking.stub_endpoint import StubEndpoint, value
from tests.curation.labelling.finished_run import pages, write_run

PAGE = (Path(__file__).parents[3] / "docs" / "labelling.md").read_text("utf-8")
COMMANDS = re.findall(
    r"^curate (label .*)$", PAGE.split("```sh\n")[1].split("```")[0], re.MULTILINE
)


@pytest.fixture
def endpoint():
    stub = StubEndpoint(lambda *_: value("middling"))
    yield stub
    stub.close()


def test_the_commands_lead_from_a_run_to_labels_of_two_annotators(tmp_path, monkeypatch, endpoint):
    monkeypatch.chdir(tmp_path)
    write_run(tmp_path / "runs", pages(40))
    said = {}
    for command in COMMANDS:
        arguments = shlex.split(command.replace("http://localhost:8000/v1", endpoint.url))
        said[arguments[1]] = output(*arguments)
        if arguments[1] == "page":  # what Anna saves from the page
            questions = load_questions("quality.jsonl")
            labels = [replace(one.label("anna", 1), value="good") for one in questions]
            Path("quality.anna.jsonl").write_bytes(to_lines(labels))
    assert list(said) == ["export", "page", "ask", "import"]
    labels = read_labels(["runs"], "quality")
    assert len(labels) == 2 * len(questions) > 40
    assert {(one.annotator, one.value) for one in labels} == {
        ("anna", "good"),
        ("my-model", "middling"),
    }
    assert "anna (pass 1) and my-model (pass 1)" in said["import"]


def test_every_command_of_the_group_is_on_the_page_and_has_examples():
    from curation.cli.labels import label

    assert {command.split()[1] for command in COMMANDS} == set(label.commands)
    for command in label.commands.values():
        assert "Examples:" in command.epilog


def test_every_option_that_the_page_names_is_one():
    from curation.cli.labels import label

    known = {
        name for command in label.commands.values() for one in command.params for name in one.opts
    }
    assert set(re.findall(r"--[a-z][a-z-]+", PAGE)) <= known
