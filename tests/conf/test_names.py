"""What may be the name of a pipeline, a step or a batch."""

import pytest

from conf.names import folder_name
from conf.records import ConfigError
from curation.batches.records import find_batch
from curation.config import load_config
from curation.errors import UsageError

BAD = (
    *("", ".", "..", "../x", "../../../x", "/etc", "a/b", "a\\b", "_state", "_lease", ".hidden"),
    *("may\n", "a\nb", "a\x1b[2J", "a\0b", " ", "a b", "-rf", "a*", "x" * 101, "a\u202eb", "a:b"),
)


@pytest.mark.parametrize(
    "name", ["may", "CC-MAIN-2024-10", "v1.2_x", "五月", "2024=05+x@y", "x" * 100]
)
def test_what_a_store_can_hold_is_a_name(name):
    assert folder_name(name) == name


@pytest.mark.parametrize("name", BAD)
def test_what_leads_elsewhere_or_says_more_than_a_name_is_refused(name, tmp_path):
    with pytest.raises(ValueError, match="is no name"):
        folder_name(name)
    with pytest.raises(UsageError, match=r"--batch .*is no name") as error:
        find_batch(str(tmp_path), "p", name)
    assert "\n" not in str(error.value)


@pytest.mark.parametrize("key", ["name", "step"])
def test_a_configuration_cannot_name_a_folder_elsewhere(tmp_path, key):
    names = {"name": "fine", "step": "fine"} | {key: "../../../x"}
    path = tmp_path / "conf.toml"
    path.write_text(
        f"name = '{names['name']}'\n[[step]]\nname = '{names['step']}'\nstages = ['language']\n"
    )
    with pytest.raises(ConfigError, match=r"name = '\.\./\.\./\.\./x': is no name"):
        load_config(path)


def test_a_number_of_thousands_of_digits_is_one_error(tmp_path):
    path = tmp_path / "long.toml"
    path.write_text('name = "a"\nshards = ' + "9" * 5000)
    with pytest.raises(ConfigError, match="too many digits"):
        load_config(path)


def test_a_file_that_is_nested_too_deeply_is_one_error(tmp_path):
    path = tmp_path / "conf.toml"
    path.write_text(f"name = {'[' * 5000}{']' * 5000}\n")
    with pytest.raises(ConfigError, match="nested too deeply"):
        load_config(path)
