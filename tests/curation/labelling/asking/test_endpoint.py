"""One request to an endpoint: what is tried again, what ends it, and what is sent."""

import time

import pytest

from curation.errors import UsageError
from curation.labelling.asking.endpoint import (
    Endpoint,
    Message,
    NoAnswerError,
    RefusedError,
    Usage,
)
from tests.curation.labelling.asking.stub_endpoint import completion

ASKED = [Message("user", "What is it?")]
KEY = "sk-secret"


def endpoint(stub, **more):
    pauses = []
    made = Endpoint(stub.url, "a model", **{"key": KEY, "sleep": pauses.append} | more)
    return made, pauses


def test_the_request_is_as_openai_has_it(serve):
    stub = serve(lambda *_: completion("yes"))
    made, _ = endpoint(stub, seed=7, max_tokens=50)
    answer = made.complete(ASKED)
    assert (answer.content, answer.usage) == ("yes", Usage(100, 10))
    assert stub.requests == [
        {
            "model": "a model",
            "messages": [{"role": "user", "content": "What is it?"}],
            "temperature": 0,
            "seed": 7,
            "max_tokens": 50,
        }
    ]
    assert stub.headers[0]["Authorization"] == f"Bearer {KEY}"


def test_no_key_is_sent_where_none_is_named(serve):
    stub = serve(lambda *_: completion("yes"))
    endpoint(stub, key="")[0].complete(ASKED)
    assert "Authorization" not in stub.headers[0]


@pytest.mark.parametrize(
    "bad",
    [
        (429, {}, b"slow down"),
        (500, {}, b""),
        (503, {}, b"\xff\xfe"),
        None,
        b"no JSON at all",
        b'{"choices": []}',
        b'{"error": {"message": "overloaded"}}',
        b"[" * 100_000,
        b" " * (5 << 20),
    ],
    ids=["429", "500", "503", "cut", "text", "no choice", "error", "deep", "long"],
)
def test_what_may_pass_is_tried_again(serve, bad):
    stub = serve(lambda _, number: bad if number < 3 else completion("at last"))
    made, pauses = endpoint(stub)
    assert made.complete(ASKED).content == "at last"
    assert len(stub.requests) == 3
    assert 0.5 <= pauses[0] <= 1
    assert 1 <= pauses[1] <= 2


def test_the_endpoint_says_how_long_to_wait(serve):
    busy = (429, {"Retry-After": "17"}, b"")
    stub = serve(lambda _, number: busy if number == 1 else completion("yes"))
    made, pauses = endpoint(stub)
    made.complete(ASKED)
    assert pauses == [17.0]


def test_it_gives_up_after_all_tries_and_says_what_came(serve):
    stub = serve(lambda *_: (503, {}, f"no \x1b[31mroom for {KEY}".encode()))
    made, pauses = endpoint(stub, max_tries=3)
    with pytest.raises(
        NoAnswerError, match=r"no answer after 3 tries; the last: 503 .*room"
    ) as error:
        made.complete(ASKED)
    assert len(pauses) == 2
    assert KEY not in str(error.value)
    assert "\x1b" not in str(error.value)


def test_an_answer_that_comes_too_slowly_is_no_answer(serve):
    stub = serve(lambda *_: time.sleep(0.6) or completion("late"))
    made, _ = endpoint(stub, max_tries=1, timeout_s=0.2)
    with pytest.raises(NoAnswerError, match=r"(?i)time"):
        made.complete(ASKED)


def test_an_answer_that_drips_is_no_answer(serve):
    def drip(*_):
        for _ in range(100):
            time.sleep(0.03)
            yield b" "

    made, _ = endpoint(serve(drip), max_tries=1, timeout_s=0.2)
    started = time.monotonic()
    with pytest.raises(NoAnswerError, match="the response came too slowly"):
        made.complete(ASKED)
    assert time.monotonic() - started < 2


def test_an_answer_that_repeats_the_key_is_masked(serve):
    stub = serve(lambda *_: completion(f"You sent {KEY}."))
    assert endpoint(stub)[0].complete(ASKED).content == "You sent ***."


@pytest.mark.parametrize("place", range(150, 200, 7))
def test_no_part_of_the_key_is_shown(serve, place):
    stub = serve(lambda *_: (401, {}, ("x" * place + KEY).encode()))
    with pytest.raises(UsageError) as error:
        endpoint(stub)[0].complete(ASKED)
    assert KEY[:4] not in str(error.value)


def test_nobody_listens():
    made = Endpoint("http://127.0.0.1:9/v1", "m", max_tries=2, sleep=lambda _: None)
    with pytest.raises(NoAnswerError, match="no answer after 2 tries"):
        made.complete(ASKED)


def test_a_request_that_is_too_long_is_not_sent_again(serve):
    stub = serve(lambda *_: (400, {}, b"context_length_exceeded"))
    with pytest.raises(RefusedError, match="400 Bad Request: context_length_exceeded"):
        endpoint(stub)[0].complete(ASKED)
    assert len(stub.requests) == 1


@pytest.mark.parametrize("code", [401, 403, 404])
def test_a_wrong_key_or_model_ends_all(serve, code):
    stub = serve(lambda *_: (code, {}, f"who is {KEY}?".encode()))
    with pytest.raises(
        UsageError, match=rf"--endpoint {stub.url}/chat/completions: answers {code}"
    ) as e:
        endpoint(stub)[0].complete(ASKED)
    assert KEY not in str(e.value)


def test_a_redirect_does_not_carry_the_key_away(serve):
    other = serve(lambda *_: completion("mine now"))
    stub = serve(lambda *_: (302, {"Location": f"{other.url}/chat/completions"}, b""))
    with pytest.raises(UsageError, match="answers 302"):
        endpoint(stub)[0].complete(ASKED)
    assert other.headers == []


@pytest.mark.parametrize(
    ("wrong", "fault"),
    [
        ({"url": "file:///etc/passwd"}, "must begin with http"),
        ({"url": "localhost:8000/v1"}, "must begin with http"),
        ({"key": "a\r\nX-Evil: 1"}, "no HTTP header may have"),
        ({"model": "a\nb"}, "is no name"),
        ({"model": ""}, "is no name"),
    ],
)
def test_what_cannot_be_an_endpoint_is_refused(wrong, fault):
    with pytest.raises(UsageError, match=fault):
        Endpoint(**{"url": "http://a.example/v1", "model": "m"} | wrong)


def test_the_key_is_not_in_its_repr():
    assert KEY not in repr(Endpoint("http://a.example/v1", "m", KEY))
