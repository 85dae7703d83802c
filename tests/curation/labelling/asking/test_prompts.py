"""What a model is asked, and which of its answers are taken."""

import pytest

from curation.labelling.asking.prompts import ForeignAnswerError, Prompt
from curation.labelling.records import digest_of_line
from curation.labelling.tasks import TASKS
from tests.curation.labelling.questions import question

PROMPT = Prompt("The guide.", 1000)
LINES = question(1, "Home | News\n\nA story.\nShare", task="clutter")


def value_of(content, asked=None):
    asked = asked or question(1)
    return PROMPT.answer(asked, content, asked.label("m", 1))


@pytest.mark.parametrize("task", TASKS)
def test_a_model_reads_the_guide_of_the_annotators(task):
    system, _ = Prompt(TASKS[task].guide_text(), 100).messages(question(1, task=task))
    assert TASKS[task].guide_text().strip() in system.content
    assert TASKS[task].question["en"] in system.content


def test_the_question_comes_in_the_language_of_the_document_too():
    system, _ = PROMPT.messages(question(1, language="zh"))
    assert TASKS["quality"].question["zh"] in system.content


def test_a_document_is_shown_up_to_the_limit():
    _, shown = Prompt("", 5).messages(question(1, "0123456789"))
    assert shown.content.endswith("Text (5 of 10 characters):\n01234")


def test_lines_are_numbered_and_blank_ones_are_not_asked_of():
    _, shown = PROMPT.messages(LINES)
    assert shown.content.endswith("Lines:\n[0] Home | News\n[2] A story.\n[3] Share")


@pytest.mark.parametrize(
    "content",
    [
        '{"value": "poor"}',
        ' {"value": " Poor "} ',
        '```json\n{"value": "poor"}\n```',
        '<think>{"value": "good"}? No: {it sells}.</think>{"value": "poor", "why": "spam"}',
    ],
)
def test_an_answer_may_be_wrapped(content):
    assert value_of(content).value == "poor"


@pytest.mark.parametrize(
    "content",
    [
        "",
        "poor",
        '{"value": "bad"}',
        '{"value": 3}',
        '{"value": ["poor"]}',
        '{"worth": "poor"}',
        '{"value": "poor"',
        '["poor"]',
        "{" * 100_000,
        '{"a":' * 100_000,
        "\ud800{",
    ],
)
def test_a_foreign_answer_is_none(content):
    with pytest.raises(ForeignAnswerError):
        value_of(content)


def test_lines_that_are_named_are_clutter_and_all_others_main():
    label = value_of('{"clutter": [3, 0]}', LINES)
    assert label.lines == (
        (digest_of_line("Home | News"), 0),
        (digest_of_line("A story."), 1),
        (digest_of_line("Share"), 0),
    )
    assert {kind for _, kind in value_of('{"clutter": []}', LINES).lines} == {1}


@pytest.mark.parametrize("numbers", ["[1]", "[4]", "[-1]", '["0"]', "[true]", "0", "null", "[0.0]"])
def test_numbers_of_no_line_are_a_foreign_answer(numbers):
    with pytest.raises(ForeignAnswerError):
        value_of(f'{{"clutter": {numbers}}}', LINES)


def test_lines_that_were_not_shown_get_no_label():
    prompt = Prompt("", 12)
    label = prompt.answer(LINES, '{"clutter": []}', LINES.label("m", 1))
    assert [digest for digest, _ in label.lines] == [digest_of_line("Home | News")]
