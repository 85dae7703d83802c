"""What `curate config` prints, what editors are told and what the pages say, from the dataclasses."""

import json
import tomllib
from pathlib import Path

import jsonschema
import pytest

from conf import locate
from conf.overrides import override
from conf.records import ConfigError
from curation.cli.config_pages import headings_in, with_tables
from curation.cli.config_schema import config_schema
from curation.cli.config_tables import our_tables
from curation.config import load_config
from tests.commands import curate, message, output
from tests.packages import Installer

DOCS = Path(__file__).parents[3] / "docs"
PAGES = [DOCS / "configuration.md", *sorted((DOCS / "stages").glob("*.md"))]
PIPELINES = [locate(f"{name}.toml") for name in ("local", "dots_llm1", "dots_llm1_small")]
SETTINGS = [(table.heading, setting) for table in our_tables() for setting in table.settings]
UNITS = {"_bytes": "bytes", "_s": "s", "_chars": "characters"}
VALID = jsonschema.Draft202012Validator(config_schema())


def name_of(value):
    return value if isinstance(value, str) else getattr(value, "key", None)


@pytest.mark.parametrize(("heading", "setting"), SETTINGS, ids=name_of)
def test_every_key_has_a_meaning_and_the_unit_of_its_name(heading, setting):
    assert setting.meaning.endswith(".")
    for suffix, unit in UNITS.items():
        assert not setting.key.endswith(suffix) or setting.unit == unit


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_the_tables_of_a_page_are_those_of_the_code(page):
    text = page.read_text("utf-8")
    assert with_tables(text) == text, "run `make docs`"


def test_every_table_stands_on_the_page_of_its_name():
    shown = {(page.stem, heading) for page in PAGES for heading in headings_in(page.read_text())}
    general = {"(above all tables)", "[[step]]", "[document]", "[spark]"}
    assert shown == {
        ("configuration" if one in general else one.strip("[]").removeprefix("stage."), one)
        for one in {heading for heading, _ in SETTINGS}
    }


def test_a_table_is_written_in_the_place_of_the_one_that_was_there():
    page = "a\n<!-- made by `make docs`: [stage.identity] -->\n| old |\n| old |\n\n| other |\n"
    head = "| key | default | type | meaning |\n| --- | --- | --- | --- |\n| `seed` | `1` |"
    written = with_tables(page)
    assert written.startswith(f"{page[: page.index('| old')]}{head}")
    assert written.endswith(".|\n\n| other |\n".replace(".|", ". |"))
    assert with_tables(written) == written


def test_a_mark_of_no_table_is_refused():
    with pytest.raises(ValueError, match=r"there is no table '\[stage.nope\]'"):
        with_tables("<!-- made by `make docs`: [stage.nope] -->\n")


def test_every_key_is_printed(monkeypatch):
    printed = output("config")
    for heading, setting in SETTINGS:
        table = printed[printed.index(heading) :]
        assert f"│ {setting.key} " in table


def test_a_configurations_own_keys_are_printed_with_its_values(tmp_path):
    conf = tmp_path / "own.toml"
    conf.write_text('name = "own"\n[[step]]\nname = "a"\nstages = ["language"]\n[jsonl]\n')
    printed = output("config", conf, "--set", "jsonl.seed=4")
    rows = [[cell.strip() for cell in line.split("│")] for line in printed.splitlines()]
    assert ["seed", "4", "0", "integer ≥ 0"] in [row[1:5] for row in rows]
    assert '["zh", "en"]' in printed
    assert "[jsonl]" in printed
    assert "[export]" not in printed
    assert "[stage.rules]" not in printed


PHASED = """
name = "own"
[[step]]
name = "a"
stages = ["identity"]
[[step]]
name = "b"
stages = ["language"]
[jsonl]
[phases.late.stage.language]
languages = ["zh"]
[phases.late.jsonl]
seed = 4
"""


def test_the_tables_that_a_phase_changes_are_printed_with_its_values(tmp_path):
    (tmp_path / "own.toml").write_text(PHASED)
    printed = output("config", tmp_path / "own.toml")
    whole, language, jsonl = printed.split("[phases.late.")
    assert '["zh", "en"]' in whole
    assert language.startswith("stage.language]")
    assert '["zh"]' in language
    assert jsonl.startswith("jsonl]")
    rows = [[cell.strip() for cell in line.split("│")] for line in jsonl.splitlines()]
    assert ["seed", "4", "0", "integer ≥ 0"] in [row[1:5] for row in rows]


def test_what_is_set_needs_a_configuration():
    ran = curate("config", "--set", "name='x'")
    assert (ran.exit_code, message(ran)) == (2, "--set changes a configuration: name it")


def test_the_schema_is_one_and_is_what_is_printed():
    jsonschema.Draft202012Validator.check_schema(config_schema())
    assert json.loads(output("config", "--schema")) == config_schema()
    assert json.loads(output("config", PIPELINES[0], "--schema")) == config_schema()


@pytest.mark.parametrize("path", PIPELINES, ids=lambda path: path.name)
def test_the_pipelines_that_ship_are_valid_by_the_schema(path):
    VALID.validate(tomllib.loads(path.read_text()))


WRONG = {
    "stage.rules.familis=[]": "familis",
    "stage.ruls={}": "ruls",
    "exprt={}": "exprt",
    "source.columns.ur='x'": "ur",
    "export.seed=-1": "minimum",
    "export.seed='1'": "integer",
    "stage.extract.method='guess'": "blocks",
    "stage.language.min_confidence=1.5": "maximum",
    "stage.extract.timeout_s=0": "minimum",
    "step=[]": "non-empty",
    "step=[{name='a', stages=['nope']}]": "nope",
    "step=[{name='a'}]": "required",
}


@pytest.mark.parametrize(("wrong", "fault"), WRONG.items(), ids=WRONG)
def test_what_a_run_refuses_is_invalid_by_the_schema(wrong, fault):
    with pytest.raises(ConfigError):
        load_config(PIPELINES[0], [wrong])
    tables = override(tomllib.loads(PIPELINES[0].read_text()), [wrong]).tables
    with pytest.raises(jsonschema.ValidationError) as caught:
        VALID.validate(tables)
    assert fault in str(caught.value)


def test_a_schema_wants_what_has_no_default():
    tables = tomllib.loads(PIPELINES[0].read_text())
    for key in ("name", "step"):
        assert not VALID.is_valid({name: one for name, one in tables.items() if name != key})


CHOOSY = """
from dataclasses import dataclass
from typing import ClassVar, Literal

from stages.base import DocumentStage


@dataclass(frozen=True)
class Range:
    first: int
    last: int = 9


@dataclass(frozen=True)
class Choosy(DocumentStage):
    name: ClassVar[str] = "choosy"
    reads: ClassVar[tuple[str, ...]] = ("text",)

    limit: int | None = None
    kind: Literal["a", "b"] = "a"
    only: Literal["c"] = "c"
    ranges: tuple[Range, ...] = ()
    weights: dict[str, float] | None = None

    def open(self):
        raise NotImplementedError
"""


def test_a_stage_of_another_package_may_have_settings_of_any_type(tmp_path, monkeypatch):
    installer = Installer(tmp_path / "packages", monkeypatch)
    installer.module("choosy_a", CHOOSY)
    conf = tmp_path / "own.toml"
    start = 'name = "own"\n[[step]]\nname = "a"\nstages = ["choosy_a:Choosy"]\n[stage.choosy]\n'
    conf.write_text(f"{start}limit = 3\nranges = [{{first = 1}}]\nweights = {{zh = 0.5}}\n")
    rows = [
        [cell.strip() for cell in line.split("│")] for line in output("config", conf).split("\n")
    ]
    kinds = {row[1]: row[2:5] for row in rows if len(row) > 4}
    assert kinds["limit"] == ["3", "", "integer"]
    assert kinds["kind"] == ['"a"', '"a"', '"a" or "b"']
    assert kinds["only"] == ['"c"', '"c"', '"c"']
    assert kinds["ranges"] == ["[{ first = 1, last = 9 }]", "[]", "list of tables"]
    assert kinds["weights"] == ["{ zh = 0.5 }", "", "table of numbers"]
    schema = jsonschema.Draft202012Validator(json.loads(output("config", conf, "--schema")))
    schema.validate(tomllib.loads(conf.read_text()))
    assert not VALID.is_valid(tomllib.loads(conf.read_text()))
    for wrong in ("limit = 'x'", "kind = 'c'", "ranges = [{last = 1}]", "weights = {zh = 'x'}"):
        assert not schema.is_valid(tomllib.loads(f"{start}{wrong}"))


def test_what_a_package_offers_is_printed_and_what_cannot_be_found_is_named(tmp_path, monkeypatch):
    installer = Installer(tmp_path, monkeypatch)
    installer.module("choosy_b", CHOOSY)
    installer.offer("choosy-b", {"choosy": "choosy_b:Choosy"})
    assert "[stage.choosy]" in output("config")
    assert "choosy" in json.loads(output("config", "--schema"))["properties"]["stage"]["properties"]
    installer.offer("choosy-c", {"absent": "choosy_c:Absent"})
    ran = curate("config")
    assert ran.exit_code == 2
    assert message(ran).startswith(
        "'absent', which a package offers as a stage: there is no module"
    )
