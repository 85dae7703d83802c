from pathlib import Path

import pytest

from curation.cli.main import main

README = (Path(__file__).parents[3] / "README.md").read_text()


@pytest.mark.parametrize("command", sorted(main.commands))
def test_every_command_stands_in_the_readme(command):
    assert f"| `curate {command}" in README
