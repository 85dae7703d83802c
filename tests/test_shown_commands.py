"""The lists of shown commands that do not run on the sample's run: they hold what is shown, and no more."""

import pytest

from tests.shown_commands import ELSEWHERE, PARSED, asked_of, commands_to_run, runs_to_plan
from tests.test_docs_commands import shown_in_blocks

LINES = [" ".join(words) for words in shown_in_blocks()]


@pytest.mark.parametrize("beginning", [*PARSED, *ELSEWHERE])
def test_what_does_not_run_is_still_shown(beginning):
    assert [line for line in LINES if line.startswith(beginning)]


def test_what_is_in_no_list_is_a_command_of_ours():
    rest = [*commands_to_run(), *runs_to_plan()]
    assert {words[0].rpartition("/")[2] for words in rest} == {"curate"}
    assert len(rest) > 40


@pytest.mark.parametrize("beginning", list(ELSEWHERE))
def test_a_test_elsewhere_gives_a_command_the_words_that_are_shown(beginning):
    elsewhere = ELSEWHERE[beginning]
    without = {option.lstrip("-") for option in elsewhere.without}
    for words in shown_in_blocks():
        if " ".join(words).startswith(beginning):
            assert without <= asked_of(words)
            assert asked_of(words) - without <= elsewhere.words()
