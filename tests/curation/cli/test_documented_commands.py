import re
from pathlib import Path

import pytest

from curation.cli.main import main
from curation.errors import CurationError

README = (Path(__file__).parents[3] / "README.md").read_text()


@pytest.mark.parametrize("command", sorted(main.commands))
def test_every_command_stands_in_the_readme(command):
    assert f"| `curate {command}" in README


@pytest.mark.parametrize("text", [README, main.help], ids=["readme", "help"])
def test_every_exit_code_is_explained(text):
    [explained] = re.findall(r"Exit codes: ([^.]+)\.", text)
    codes = [int(code) for code in re.findall(r"(?:^|; )(\d) ", " ".join(explained.split()))]
    assert codes == sorted({0} | {kind.exit_code for kind in CurationError.__subclasses__()})
