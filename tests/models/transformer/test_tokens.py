"""Tokens are cut ahead of the model, once for tokenizers of equal files."""

import shutil
import threading
import time

import pytest

from models.transformer.long_texts import MAX_CHARS_PER_TOKEN, first_tokens, last_tokens, read_text
from models.transformer.recent import Recent
from models.transformer.tokens import TextTokens, ahead
from tests.models.checkpoints import save_tokenizer
from tests.models.texts import CHINESE, ENGLISH


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    pytest.importorskip("transformers")
    made = tmp_path_factory.mktemp("tokenizers") / "one"
    made.mkdir()
    save_tokenizer(made)
    return made


def load(folder, calls):
    from transformers import AutoTokenizer

    tokenizer = AutoTokenizer.from_pretrained(folder)

    class Counted:
        def __call__(self, text, **options):
            calls.append(text)
            return tokenizer(text, **options)

    return TextTokens(Counted(), folder)


@pytest.mark.torch
def test_equal_tokenizers_cut_a_text_once_and_others_for_themselves(folder, tmp_path):
    equal, other = tmp_path / "equal", tmp_path / "other"
    shutil.copytree(folder, equal)
    shutil.copytree(folder, other)
    (other / "special_tokens_map.json").write_text("{ }")
    (equal / "config.json").write_text("{}")  # which says nothing of tokens
    calls = []
    first, second, third = (load(each, calls) for each in (folder, equal, other))
    calls.clear()
    text = f"{ENGLISH} Nobody else asks for this."
    assert first.encode(text) == second.encode(text)
    assert calls == [[text]]
    third.encode(text)
    assert len(calls) == 2


@pytest.mark.torch
def test_lines_are_no_text_of_that_many_lines(folder):
    tokens = load(folder, [])
    assert tokens.encode_all(["ab", "c"]) != tokens.encode_all(["a", "bc"])
    assert tokens.encode_all([]) == []
    assert tokens.encode("\ud800 lone")  # half of a pair is no reason to stop


def test_items_are_made_ahead_in_order_by_several_threads():
    names, started = set(), []

    def work(number):
        names.add(threading.current_thread().name)
        started.append(number)
        time.sleep(0.002)
        return number * number

    made = ahead(work, range(40))
    assert next(made) == 0
    time.sleep(0.05)
    assert 1 < len(started) < 40
    assert list(made) == [n * n for n in range(1, 40)]
    assert threading.current_thread().name not in names


def test_an_error_of_a_thread_is_that_of_the_caller():
    def work(number):
        if number == 3:
            raise ValueError("three")
        return number

    with pytest.raises(ValueError, match="three"):
        list(ahead(work, range(9)))


def by_letter(text):
    return [ord(letter) for letter in text if letter != " "]


def test_no_more_of_a_text_is_cut_than_it_takes():
    seen = []

    def encode(text):
        seen.append(len(text))
        return by_letter(text)

    assert first_tokens(encode, "abc" * 10_000, 5) == by_letter("abcab")
    assert max(seen) <= 40
    seen.clear()
    blank = " " * 10_000_000
    assert first_tokens(encode, blank + "a", 5) == []
    assert last_tokens(encode, "a" + blank, 5) == []
    assert max(seen) <= 2 * 5 * MAX_CHARS_PER_TOKEN
    assert first_tokens(encode, " " * 100 + "abc", 2) == by_letter("ab")


def test_a_text_that_fits_is_read_whole_by_every_policy():
    for policy in ("head", "head_tail", "mean"):
        for text in ("", "a", "abcde"):
            assert read_text(by_letter, text, 5, policy) == [by_letter(text)]


def test_windows_are_full_and_reach_the_end():
    windows = read_text(by_letter, "abcdefghijk", 4, "mean")
    assert [len(window) for window in windows] == [4, 4, 4]
    assert windows[0] == by_letter("abcd")
    assert windows[-1] == by_letter("hijk")
    assert len(read_text(by_letter, "ab" * 5_000, 4, "mean")) == 8


def test_the_oldest_is_forgotten():
    recent = Recent(2)
    recent.add(b"a", 1)
    recent.add(b"b", 2)
    recent.add(b"a", 3)
    recent.add(b"c", 4)
    assert [recent.get(key) for key in (b"a", b"b", b"c")] == [3, None, 4]


@pytest.mark.torch
def test_documents_cut_alike_whoever_asks(folder):
    tokens = load(folder, [])
    assert (
        list(ahead(tokens.encode, [ENGLISH, CHINESE] * 20))
        == [
            tokens.encode(ENGLISH),
            tokens.encode(CHINESE),
        ]
        * 20
    )
