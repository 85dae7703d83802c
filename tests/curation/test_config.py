from dataclasses import replace

import pytest

from conf import locate
from conf.records import ConfigError
from curation.batches.records import find_batch
from curation.batches.run_record import settings_of
from curation.config import load_config
from curation.run.chain_checks import check_columns
from curation.run.planning import make_plan
from curation.run.resources import describe
from stages.identity import Identity
from stages.registry import KNOWN_STAGES
from tests.packages import Installer, python_of

STEPS = """
name = "test"
[[step]]
name = "prepare"
stages = ["url_filter", "extract", "language"]
[[step]]
name = "identity"
stages = ["identity"]
"""


@pytest.fixture
def write(tmp_path):
    def write(text):
        path = tmp_path / "pipeline.toml"
        path.write_text(text, encoding="utf-8")
        return path

    return write


def test_a_stage_has_the_values_of_its_table_and_defaults_for_the_rest(write):
    config = load_config(write(STEPS + "[stage.language]\nmin_confidence = 0.7\n"))
    assert config.stage["language"].min_confidence == 0.7
    assert config.stage["language"].languages == ("zh", "en")


@pytest.mark.parametrize("name", ["local.toml", "dots_llm1.toml"])
def test_the_pipelines_that_ship_are_valid_and_their_columns_fit(name):
    check_columns(load_config(locate(name)))


@pytest.mark.parametrize(
    ("extra", "message"),
    [
        (
            "[stage.language]\nmin_confidense = 0.7",
            "stage.language.min_confidense = .*did you mean 'min_confidence'",
        ),
        (
            "[stage.language]\nmin_confidence = 1.4",
            "stage.language.min_confidence = 1.4: .*less than or equal to 1",
        ),
        (
            "[stage.language]\nmin_confidence = 'high'",
            "stage.language.min_confidence = 'high': .*number",
        ),
        ("[stage.langage]\n", "stage.langage = {}: is not a stage; did you mean 'language'"),
        ("[stage.rules]\n", "stage.rules: is configured, but no step runs it"),
        (
            "[sauce]\narchives = 'a'",
            "sauce = {'archives': 'a'}: is not a known key; did you mean 'source'",
        ),
        ("[[step]]\nname = 'x'\nstages = ['nothing']", "step.2.stages = 'nothing': is not a stage"),
        ("[[step]]\nname = 'x'\nstages = ['language']", "step.2.stages = 'language': runs already"),
        (
            "[[step]]\nname = 'x'\nstages = ['line_dedup', 'rules', 'fuzzy_dedup']",
            "'fuzzy_dedup': is a corpus stage, as line_dedup is: give it a step of its own",
        ),
        ("[[step]]\nname = 'x'\nstages = []", "step.2.stages"),
        ("[pack]\n", "pack: needs an .export. table"),
        ("[step.resources]\ngpus = -1", "step.1.resources.gpus = -1: .*greater than or equal to 0"),
        ("[step.resources]\ngpus = 'all'", "step.1.resources.gpus = 'all': .*integer"),
        (
            "[step.resources]\ngpu = 1",
            "step.1.resources.gpu = 1: is not a known key; did you mean 'gpus'",
        ),
    ],
)
def test_a_mistake_is_told_with_file_key_value_and_rule(write, extra, message):
    with pytest.raises(ConfigError, match=message) as caught:
        load_config(write(STEPS + extra))
    assert "pipeline.toml: " in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_file_that_is_not_toml_is_told(write):
    with pytest.raises(ConfigError, match="not valid TOML"):
        load_config(write("name = "))


def test_a_missing_file_is_told(tmp_path):
    with pytest.raises(ConfigError, match="no such file"):
        load_config(tmp_path / "absent.toml")


def test_a_chain_that_reads_what_nothing_writes_is_refused_before_anything_starts(write):
    config = load_config(
        write('name = "x"\n[[step]]\nname = "only"\nstages = ["page_type", "extract"]\n')
    )
    with pytest.raises(ConfigError, match="stage page_type in step only reads markup"):
        check_columns(config)


def test_extraction_knows_the_languages_from_the_language_stage(write):
    config = load_config(
        write(STEPS + "[stage.language]\nlanguages = ['fr']\nmodel = './lid.bin'\n")
    )
    assert config.stage["extract"].languages == ("fr",)
    assert config.stage["extract"].language_model == "./lid.bin"


def test_what_extraction_sets_itself_it_keeps(write):
    config = load_config(write(STEPS + "[stage.extract]\nlanguages = []\n"))
    assert config.stage["extract"].languages == ()
    assert config.stage["language"].languages == ("zh", "en")


def test_without_a_language_stage_no_language_leaves_early(write):
    config = load_config(write('name = "x"\n[[step]]\nname = "only"\nstages = ["extract"]\n'))
    assert config.stage["extract"].languages == ()


def test_a_value_beside_the_file_is_as_one_in_it(write):
    in_file = load_config(write(STEPS + "[stage.language]\nmin_confidence = 0.7\n[export]\n"))
    given = ("stage.language.min_confidence=0.7", "export={}")
    beside = load_config(write(STEPS), given)
    assert beside.overrides == given
    assert replace(beside, overrides=()) == in_file


@pytest.mark.parametrize(
    ("override", "message"),
    [
        (
            "stage.language.min_confidense=1",
            "^--set: stage.language.min_confidense = .*did you mean 'min_confidence'",
        ),
        ("stage.language.min_confidence=1.4", "^--set: stage.language.min_confidence = 1.4: input"),
        ("stage.langage={}", "^--set: stage.langage = .*did you mean 'language'"),
        ("sauce={}", "^--set: sauce = {}: is not a known key; did you mean 'source'"),
        ("step=[]", "^--set: step = .*: must be a list"),
    ],
)
def test_a_mistake_beside_the_file_is_told_as_one_in_it(write, override, message):
    with pytest.raises(ConfigError, match=message):
        load_config(write(STEPS), [override])


@pytest.fixture
def installer(tmp_path, monkeypatch):
    return Installer(tmp_path / "packages", monkeypatch)


def with_lengths(reference, more=""):
    return STEPS.replace('"language"]', f'"language", "{reference}"]') + more


def test_a_stage_of_another_package_goes_by_its_name_in_steps_and_tables(write, installer):
    installer.module("config_a.stages")
    table = "[stage.max_length]\nmax_chars = 7\n"
    config = load_config(write(with_lengths("config_a.stages:MaxLength", table)))
    assert config.step[0].stages == ("url_filter", "extract", "language", "max_length")
    assert config.stage["max_length"].max_chars == 7
    assert config.stages_of(config.step[0])[-1] is config.stage["max_length"]


@pytest.mark.parametrize(
    ("reference", "more", "message"),
    [
        ("config_b:Max", "", "step.0.stages = 'config_b:Max': module config_b has no Max"),
        ("config_b.x:Max", "", "step.0.stages = 'config_b.x:Max': there is no module config_b.x"),
        ("max_lenght", "", "'max_lenght': is not a stage; did you mean 'max_length'?"),
        ("config_b:MaxLength", "[stage.max_length]\nmax_chars = 0", "max_length.max_chars = 0"),
        ("config_b:MaxLength", "[stage.max_length]\nmax = 1", "max = 1: is not a known key"),
        ("language", "[stage.max_length]\n", "stage.max_length: is configured, but no step runs"),
        ("config_b:MaxLength", "[[step]]\nname = 'x'\nstages = ['max_length']", "runs already"),
    ],
)
def test_a_mistake_about_a_stage_of_another_package_is_told_as_about_ours(
    write, installer, reference, more, message
):
    installer.module("config_b")
    installer.offer("config-b", {"max_length": "config_b:MaxLength"})
    text = with_lengths(reference, more) if reference != "language" else STEPS + more
    with pytest.raises(ConfigError, match=message) as caught:
        load_config(write(text))
    assert "\n" not in str(caught.value)


def test_two_stages_of_one_name_are_refused(write, installer):
    installer.module("config_c")
    installer.module("config_d")
    text = with_lengths("config_c:MaxLength").replace('["identity"]', '["config_d:MaxLength"]')
    message = "'config_d:MaxLength': is called 'max_length', as config_c:MaxLength is"
    with pytest.raises(ConfigError, match=message):
        load_config(write(text))


def test_the_description_of_a_stage_of_another_package_says_where_it_is(installer):
    installer.module("config_e")
    installer.module("config_f")
    one, other = (describe(KNOWN_STAGES.find(f"config_{x}:MaxLength")()) for x in "ef")
    assert one.reference == "config_e:MaxLength"
    assert one.difference_from(other) == (
        "resources: class is 'config_f:MaxLength' there, 'config_e:MaxLength' here"
    )
    ours = describe(Identity())
    assert (ours.reference, ours.resources) == ("identity", {})


URL_LIST = python_of("own-outputs.md")
OF_EXPORT = URL_LIST.replace('"url_list"\n', '"url_list"\n    made_of: ClassVar[str] = "export"\n')


def test_an_output_of_another_package_has_a_table_named_by_its_class_or_its_name(write, installer):
    installer.module("config_g", URL_LIST)
    by_class = load_config(write(STEPS + '["config_g:UrlList"]\nseparator = " "\n[export]\n'))
    assert list(by_class.outputs) == ["export", "url_list"]
    assert by_class.outputs["url_list"].separator == " "
    installer.offer("config-g", {"url_list": "config_g:UrlList"}, "curation.outputs")
    by_name = load_config(write(STEPS + "[export]\n[url_list]\nseparator = ' '"))
    assert by_name.outputs == by_class.outputs
    assert settings_of(by_name)["url_list.class"] == "config_g:UrlList"
    assert settings_of(by_name)["url_list.separator"] == " "


@pytest.mark.parametrize(
    ("code", "tables", "message"),
    [
        (URL_LIST, "['config_h:Url']", "config_h:Url: module config_h has no Url"),
        (
            URL_LIST,
            "['config_h:UrlList']\nsep = ''",
            "config_h:UrlList.sep = '': is not a known",
        ),
        (URL_LIST, "[url_lists]", "url_lists = {}: is not a known key; did you mean 'url_list'"),
        (
            URL_LIST,
            "['config_h:UrlList']\n[url_list]",
            r"url_list: is called 'url_list', as that of \[config_h:UrlList\] is",
        ),
        (
            URL_LIST.replace('"url_list"', '"spark"'),
            "['config_h:UrlList']",
            "config_h:UrlList: is called 'spark', which is a key of its own",
        ),
        (URL_LIST.replace('"url_list"', '"jsonl"'), "['config_h:UrlList']", "is the name of cur"),
        (OF_EXPORT, "['config_h:UrlList']", r"config_h:UrlList: needs an \[export\] table too: it"),
    ],
)
def test_a_mistake_about_an_output_of_another_package_is_told_as_about_ours(
    write, installer, code, tables, message
):
    installer.module("config_h", code)
    if code is URL_LIST:
        installer.offer("config-h", {"url_list": "config_h:UrlList"}, "curation.outputs")
    with pytest.raises(ConfigError, match=message) as caught:
        load_config(write(STEPS + tables))
    assert "\n" not in str(caught.value)


def test_an_output_made_of_one_of_ours_stands_behind_it_wherever_its_table_is(write, installer):
    installer.module("config_i", OF_EXPORT)
    config = load_config(write(STEPS + "['config_i:UrlList']\n[export]"))
    assert list(config.outputs) == ["export", "url_list"]


def test_what_a_step_needs_changes_nothing_that_it_makes(write, tmp_path):
    with_gpus = load_config(write(STEPS + "[step.resources]\ngpus = 2\n"))
    plain = load_config(write(STEPS))
    assert [step.resources.gpus for step in with_gpus.step] == [0, 2]
    assert settings_of(plain) == settings_of(with_gpus)
    batch = find_batch(str(tmp_path), "test", "default")
    plans = [make_plan(config, [], batch) for config in (plain, with_gpus)]
    folders = [[step.folder for step in plan.steps] for plan in plans]
    assert folders[0] == folders[1]
    assert [step.gpus for step in plans[1].steps] == [0, 2]
