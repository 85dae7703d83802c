import pytest

from conf.overrides import override
from conf.records import ConfigError, RecordReader

TABLES = {"name": "x", "stage": {"rules": {"sites": "sites"}}, "export": {"seed": 3, "shards": 2}}


@pytest.mark.parametrize(
    ("given", "place", "value"),
    [
        ('name="y"', ("name",), "y"),
        ("export.seed = 4", ("export", "seed"), 4),
        ("stage.rules.families = ['a', \"b\"]", ("stage", "rules", "families"), ["a", "b"]),
        ("stage.language.min_confidence=0.7", ("stage", "language", "min_confidence"), 0.7),
        ("export={seed=5}", ("export",), {"seed": 5, "shards": 2}),
        ("jsonl={}", ("jsonl",), {}),
        ('spark.settings."spark.x"="1"', ("spark", "settings", "spark.x"), "1"),
    ],
)
def test_a_value_takes_its_place_and_no_other_changes(given, place, value):
    found = override(TABLES, [given]).tables
    whole, expected = found, TABLES
    for name in place[:-1]:
        others = {key: one for key, one in whole.items() if key != name}
        assert others == {key: one for key, one in expected.items() if key != name}
        whole, expected = whole[name], expected.get(name, {})
    assert whole == {**expected, place[-1]: value}


def test_the_tables_that_were_given_stay_as_they_are():
    before = repr(TABLES)
    override(TABLES, ["export.seed=4", "stage.rules.sites='x'"])
    assert repr(TABLES) == before


def test_the_last_value_of_a_key_counts():
    assert override({}, ["a.b=1", "a.b=2", "a.c=3"]).tables == {"a": {"b": 2, "c": 3}}


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ("stage.language.model=embedded", r"^--set stage\.language\.model=embedded: .*quotes"),
        ("stage.language.model", "not KEY=VALUE"),
        ("=1", "not KEY=VALUE"),
        ("", "not one KEY=VALUE"),
        ("# seed=1", "not one KEY=VALUE"),
        ("a=1\nb=2", "not one KEY=VALUE"),
        ("[stage.rules]", "not one KEY=VALUE"),
    ],
)
def test_what_is_not_one_key_with_a_toml_value_is_refused(given, message):
    with pytest.raises(ConfigError, match=message):
        override({}, [given])


def test_an_error_names_the_file_or_the_override_that_says_the_value():
    overridden = override(TABLES, ["stage.ruls.sites=''", "export.seed=4"]).keys
    reader = RecordReader("a.toml", overridden)
    keys = ("stage.ruls", "stage.ruls.sites", "export.seed", "export.seed.0", "export.shards")
    places = [str(reader.error(key, 1, "rule")).split(": ")[0] for key in keys]
    assert places == ["--set", "--set", "--set", "--set", "a.toml"]
    assert str(RecordReader("a.toml").error("export.seed", 1, "rule")).startswith("a.toml: ")
