"""Asking a whole file: every answer is written as it comes, and no question asked twice."""

import json
import threading
import time

import pytest

from curation.labelling.asking.account import open_answers
from curation.labelling.asking.budget import Budget, Prices
from curation.labelling.asking.endpoint import Endpoint
from curation.labelling.records import read_labels
from tests.commands import curate, message
from tests.curation.labelling.asking.stub_endpoint import USAGE, completion, value
from tests.curation.labelling.questions import question, write_questions


@pytest.fixture
def ask(tmp_path, monkeypatch):
    """Runs the command over some questions, without pauses; its result."""
    monkeypatch.setattr(Endpoint, "_pause", lambda *_: 0.0)
    monkeypatch.setenv("THE_KEY", "sk-secret")

    def run(stub, *more, questions=(), url=""):
        path = tmp_path / "questions.jsonl"
        write_questions(path, questions or [question(n) for n in range(6)])
        return curate(
            *("label", "ask", path, "--endpoint", url or stub.url, "--model", "some/model-7b"),
            *("--out", tmp_path / "out.jsonl", *more),
        )

    return run


def labels(tmp_path):
    return read_labels([str(tmp_path / "out.jsonl")], "quality")


def account(tmp_path):
    lines = (tmp_path / "out.jsonl.asked.jsonl").read_text().splitlines()
    return [json.loads(line) for line in lines]


def test_every_question_gives_a_label_that_names_the_model(serve, ask, tmp_path):
    stub = serve(lambda *_: value("good"))
    ran = ask(stub, "--key-env", "THE_KEY", "--prompt-price", 10, "--completion-price", 100)
    assert ran.exit_code == 0, ran.stderr
    expected = [question(n).label("some/model-7b", 1) for n in range(6)]
    found = sorted(labels(tmp_path), key=lambda label: label.doc_id)
    assert [label.value for label in found] == ["good"] * 6
    assert [(label.doc_id, label.weight) for label in found] == [(e.doc_id, 2.5) for e in expected]
    assert {label.annotator for label in found} == {"some/model-7b"}
    assert "6 answered, 0 failed" in ran.stdout
    # 6 times 100 tokens at 10 and 10 at 100 a million
    assert "600 prompt and 60 completion tokens; cost so far 0.0120" in ran.stdout
    assert "sk-secret" not in (tmp_path / "out.jsonl").read_text() + ran.output


def test_no_more_are_under_way_than_asked_for(serve, ask):
    stub = serve(lambda *_: time.sleep(0.02) or value("good"))
    assert ask(stub, "--concurrency", 3, questions=[question(n) for n in range(12)]).exit_code == 0
    assert 1 < stub.most_at_once <= 3


def test_a_foreign_answer_is_asked_again_with_what_was_wrong(serve, ask, tmp_path):
    stub = serve(lambda _, number: value("bad" if number == 1 else "poor"))
    assert ask(stub, questions=[question(1)]).exit_code == 0
    assert [label.value for label in labels(tmp_path)] == ["poor"]
    again = stub.requests[1]["messages"]
    assert [one["role"] for one in again] == ["system", "user", "assistant", "user"]
    assert again[3]["content"] == '"value" must be one of: good, middling, poor'
    assert account(tmp_path)[0]["prompt_tokens"] == 200


def test_foreign_answers_fail_in_the_end_and_are_not_asked_at_the_next_start(serve, ask, tmp_path):
    stub = serve(lambda *_: completion("I \x1b[1mcannot say."))
    ran = ask(stub, "--max-answers", 2, questions=[question(1)])
    assert ran.exit_code == 0
    assert len(stub.requests) == 2
    assert labels(tmp_path) == []
    assert f"document {question(1).doc_id}: answered 'I \\x1b[1mcannot say.'" in ran.stderr
    assert "1 failed" in ran.stdout
    ran = ask(stub, "--max-answers", 2, questions=[question(1)])
    assert (len(stub.requests), ran.exit_code) == (2, 0)
    assert "1 done before" in ran.stdout
    ask(stub, "--retry-failed", "--max-answers", 1, questions=[question(1)])
    assert len(stub.requests) == 3


def test_a_second_start_asks_what_has_no_answer_and_adds_up_the_cost(serve, ask, tmp_path):
    stub = serve(lambda *_: value("good"))
    first = [question(n) for n in range(4)]
    prices = ("--prompt-price", 10_000, "--completion-price", 0)
    ask(stub, *prices, questions=first)
    ran = ask(stub, *prices, questions=[*first, question(9)])
    assert len(stub.requests) == 5
    assert "4 done before, 1 answered" in ran.stdout
    assert "cost so far 5.0000" in ran.stdout
    assert len(labels(tmp_path)) == 5


def test_another_model_and_another_pass_are_asked_anew(serve, ask, tmp_path):
    stub = serve(lambda *_: value("good"))
    ask(stub)
    ask(stub, "--pass", 2)
    assert len(labels(tmp_path)) == 12


@pytest.mark.parametrize("cut", [1, 20, 200])
def test_a_last_line_that_was_cut_off_is_dropped_and_asked_again(serve, ask, tmp_path, cut):
    stub = serve(lambda *_: value("good"))
    ask(stub)
    out = tmp_path / "out.jsonl"
    out.write_bytes(out.read_bytes()[:-cut])
    assert ask(stub).exit_code == 0
    assert sorted(label.doc_id for label in labels(tmp_path)) == [
        question(n).doc_id for n in range(6)
    ]
    assert len(stub.requests) == 7


def test_answers_that_came_before_an_error_are_kept(serve, ask, tmp_path):
    def answer(_, number):
        return value("good") if number < 4 else (401, {}, b"key expired")

    ran = ask(serve(answer), "--concurrency", 1)
    assert ran.exit_code == 2
    assert "answers 401 Unauthorized: key expired" in message(ran)
    assert len(labels(tmp_path)) == 3


def test_what_is_under_way_when_the_asking_ends_is_written_down(serve, ask, tmp_path):
    refused = threading.Event()

    def answer(_, number):
        if number == 1:
            refused.wait(10)
            return value("good")
        refused.set()
        return 403, {}, b"no"

    assert ask(serve(answer), "--concurrency", 2).exit_code == 2
    assert len(labels(tmp_path)) == 1


def test_no_answer_is_no_failure_and_is_asked_at_the_next_start(serve, ask, tmp_path):
    broken = serve(lambda *_: (500, {}, b"oops"))
    ran = ask(broken, "--max-tries", 2, questions=[question(1)])
    assert ran.exit_code == 2
    assert message(ran) == "1 questions got no answer: start again to ask them"
    ran = ask(serve(lambda *_: value("good")), questions=[question(1)])
    assert "1 answered" in ran.stdout


def test_an_endpoint_that_answers_nothing_is_not_asked_for_ever(serve, ask):
    stub = serve(lambda *_: (500, {}, b"oops"))
    ran = ask(
        stub, "--max-tries", 1, "--concurrency", 1, questions=[question(n) for n in range(40)]
    )
    assert ran.exit_code == 2
    assert "10 questions in a row got no answer" in message(ran)
    assert len(stub.requests) == 10


def test_an_endpoint_that_refuses_every_request_is_not_asked_for_ever(serve, ask):
    stub = serve(lambda *_: (400, {}, b"unknown parameter: seed"))
    ran = ask(stub, "--concurrency", 1, questions=[question(n) for n in range(40)])
    assert ran.exit_code == 2
    assert "unknown parameter: seed" in message(ran)
    assert len(stub.requests) == 10


def test_a_question_that_stands_twice_is_asked_once(serve, ask):
    stub = serve(lambda *_: value("good"))
    assert ask(stub, questions=[question(1), question(1)]).exit_code == 0
    assert len(stub.requests) == 1


def test_a_document_that_the_endpoint_refuses_fails_alone(serve, ask, tmp_path):
    def answer(request, _):
        is_long = "too long" in request["messages"][1]["content"]
        return (400, {}, b"context length") if is_long else value("good")

    ran = ask(serve(answer), questions=[question(1), question(2, "too long"), question(3)])
    assert ran.exit_code == 0
    assert "2 answered, 1 failed" in ran.stdout
    assert len(labels(tmp_path)) == 2


def test_the_limit_on_cost_is_never_passed(serve, ask, tmp_path):
    """A question costs 1.1; at the worst it might cost 3 answers of 100 tokens and its prompts."""
    stub = serve(lambda *_: value("good"))
    prices = ("--prompt-price", 10_000, "--completion-price", 10_000, "--max-tokens", 100)
    ran = ask(
        *(stub, *prices, "--max-cost", 400, "--max-answers", 1),
        questions=[question(n) for n in range(500)],
    )
    assert ran.exit_code == 2
    assert "questions might cost more than --max-cost is: raise it" in message(ran)
    spent = sum(one["cost"] for one in account(tmp_path))
    assert 200 < spent <= 400
    assert spent == pytest.approx(1.1 * len(stub.requests))


def test_a_limit_below_one_question_asks_nothing(serve, ask):
    stub = serve(lambda *_: value("good"))
    assert ask(stub, "--prompt-price", 1, "--max-cost", 0.0001).exit_code == 2
    assert stub.requests == []


def test_a_limit_needs_prices_and_an_endpoint_that_counts(serve, ask):
    stub = serve(lambda *_: completion('{"value": "good"}', usage=None))
    ran = ask(stub, "--max-cost", 1)
    assert message(ran) == "--max-cost needs --prompt-price and --completion-price"
    ran = ask(stub, "--max-cost", 100, "--prompt-price", 1)
    assert message(ran) == "the endpoint does not say what it used: --max-cost cannot be kept"


def test_a_budget_counts_what_is_under_way():
    budget = Budget(Prices(1.0, 1.0), max_cost=10.0)
    assert budget.reserve(6.0)
    assert not budget.reserve(5.0)
    budget.settle(6.0, USAGE["prompt_tokens"] / 50)
    assert budget.reserve(8.0)


@pytest.mark.parametrize(
    ("more", "fault"),
    [
        (("--key-env", "NOT_SET"), "--key-env NOT_SET: this environment variable holds no key"),
        (("--endpoint", "ftp://a"), "must begin with http:// or https://"),
        (("--out", "s3://bucket/out.jsonl"), "must be a file on this machine"),
    ],
)
def test_what_cannot_be_is_one_line(serve, ask, more, fault):
    stub = serve(lambda *_: value("good"))
    ran = ask(stub, *more)
    assert ran.exit_code == 2
    assert fault in message(ran)
    assert stub.requests == []


def test_two_processes_cannot_append_to_one_file(serve, ask, tmp_path):
    stub = serve(lambda *_: value("good"))
    with open_answers(str(tmp_path / "out.jsonl")):
        ran = ask(stub)
    assert ran.exit_code == 2
    assert "another process appends to it" in message(ran)
    assert stub.requests == []


def test_a_file_without_questions_is_one_line(tmp_path):
    (tmp_path / "q.jsonl").write_bytes(b"\n")
    ran = curate(
        *("label", "ask", tmp_path / "q.jsonl", "--endpoint", "http://a.example", "--model", "m"),
        *("--out", tmp_path / "out.jsonl"),
    )
    assert ran.exit_code == 2
    assert "holds no question" in message(ran)
    assert not (tmp_path / "out.jsonl").exists()
