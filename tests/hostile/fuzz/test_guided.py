"""The guided fuzzer's own parts, and a process of it under a fuzzer that is none: atheris is not needed."""

import gc
import os
import random
import sys
import threading
import weakref
import zlib
from types import FunctionType

import brotli
import numba
import pytest
import zstandard

from curation.sources.reader import SourceOptions, read
from tests.hostile.fuzz import guided
from tests.hostile.fuzz.forms import dictionary, forms, inputs, mutate, unfold
from tests.hostile.fuzz.libfuzzer import SCOPES, instrumented, try_input
from tests.hostile.fuzz.seeds import material
from tests.hostile.fuzz.state import State, clear, read_state
from tests.hostile.fuzz.targets import TARGETS

NO_FUZZER = """
import os, signal, sys
def instrument_func(function):
    instrumented.append(function)
instrumented = []
def Setup(arguments, read, custom_mutator):
    folder, count = arguments[-1], 0
    for name in sorted(os.listdir(folder)):
        given = open(os.path.join(folder, name), "rb").read()
        read(given[:32768])
        count += 1
    sys.stderr.write(f"#{count}\\tINITED cov: {len(instrumented)} ft: 1\\n")
    read(custom_mutator(b"\\0http://a.b/", 99, 3))
    read(b"\\0the last")
def Mutate(data, size):
    return data
def Fuzz():
    os.kill(os.getpid(), signal.SIGKILL)
"""


@pytest.mark.parametrize("target", TARGETS)
def test_every_seed_is_an_input_that_stands_for_it(target):
    made = {unfold(target, given) for given in inputs(target)}
    assert made >= set(material(target).seeds)
    for given in (b"", b"\0", b"\xff", b"\xffnoise", b"\x01\x00"):
        assert unfold(target, given)[0] in {form.name for form in forms(target)}


def test_what_is_damaged_in_a_packed_file_is_what_is_in_it(tmp_path):
    name = "a.warc.gz"
    form = [form.of == "a.warc" for form in forms("warc") if form.name == name].index(True)
    numbers = [number for number, one in enumerate(forms("warc")) if one.name == name]
    whole = dict(material("warc").seeds)["a.warc"]
    damaged = whole.replace(b"Content-Length: ", b"Content-Length: 9", 1)
    _, data = unfold("warc", bytes([numbers[form]]) + damaged)
    assert zlib.decompress(data, 31) == damaged[: damaged.index(b"WARC/1.0", 1)]
    path = tmp_path / name
    path.write_bytes(data)
    assert list(read(str(path), SourceOptions()))


def test_a_coded_body_is_packed_behind_its_head():
    undo = (lambda data: zlib.decompress(data, 31), zlib.decompress, brotli.decompress)
    content = b"HTTP/1.1 200 OK\r\nA: b\r\n\r\nbody"
    made = [unfold("http", bytes([number]) + content)[1] for number in range(len(forms("http")))]
    assert made[0] == content
    for decode, data in zip((*undo, zstandard.decompress), made[1:], strict=False):
        head, body = data.split(b"\r\n\r\n", 1)
        assert head.startswith(b"HTTP/1.1 200 OK\r\nA: b\r\nContent-Encoding: ")
        assert decode(body) == b"body"
    assert made[5].endswith(b"chunked\r\n\r\n2\r\nbo\r\n2\r\ndy\r\n0\r\n\r\n")


def test_damage_is_the_same_for_the_same_seed_and_leaves_half_to_the_fuzzer():
    given = next(inputs("labels"))
    damage = [mutate("labels", given, 9999, seed, lambda _: b"theirs") for seed in range(200)]
    assert damage == [
        mutate("labels", given, 9999, seed, lambda _: b"theirs") for seed in range(200)
    ]
    assert 60 < sum(one[1:] == b"theirs" for one in damage) < 140
    assert len({one[:1] for one in damage}) == len(forms("labels"))
    assert len(mutate("labels", given, 7, 1, lambda content: content)) <= 7


def test_the_dictionary_has_the_pieces_that_are_short_enough():
    lines = dictionary("configuration").splitlines()
    assert r'"\x5b"' in lines
    assert max(map(len, lines)) <= 2 + 4 * 64
    assert len(lines) == len(set(lines)) > 20


def test_functions_that_are_compiled_are_not_instrumented():
    @numba.njit
    def compiled(number):
        return number

    def plain():
        return lambda: 0

    inner = plain()
    for one in (compiled.py_func, plain, inner):
        one.__module__ = "a_room.of_its_own"
    found: list[FunctionType] = []
    assert instrumented(["a_room"], found.append) == 2
    assert set(found) == {plain, inner}
    assert instrumented(["a_roo"], found.append) == 0


def test_a_proxy_of_what_is_gone_is_passed_over():
    gone = threading.Thread()
    proxy = weakref.proxy(gone)
    del gone
    assert any(one is proxy for one in gc.get_objects())
    assert instrumented(["a_room"], lambda _: None) == 0


@pytest.mark.parametrize("target", TARGETS)
def test_each_target_is_led_by_code_that_is_there(target):
    assert instrumented(SCOPES[target], lambda _: None) > 10


def test_the_first_input_of_each_kind_of_failure_is_kept(tmp_path, capsys):
    def faulty(_, data):
        if data == b"key":
            raise KeyError(data)
        assert data != b"claim"

    for given in (b"\0key", b"\0well", b"\0claim", b"\x01key"):
        try_input(lambda given: ("", given[1:]), faulty, given, tmp_path)
    kept = {path.name.split("-")[0]: path.read_bytes() for path in tmp_path.iterdir()}
    assert kept == {"KeyError": b"\0key", "AssertionError": b"\0claim"}
    assert capsys.readouterr().out.count("FAILED") == 2


def test_the_state_tells_what_a_process_was_at(tmp_path):
    clear(tmp_path / "state")
    assert read_state(tmp_path / "state") == (False, 0, b"")
    state = State(tmp_path / "state")
    state.begin(b"longer than the next")
    state.begin(b"the next")
    assert read_state(tmp_path / "state") == (False, 2, b"the next")
    if not (child := os.fork()):
        state.end()
    assert os.waitpid(child, 0)[1] == 0
    assert read_state(tmp_path / "state") == (True, 2, b"")


def test_a_process_reads_its_corpus_and_the_input_that_ended_it_is_kept(tmp_path, monkeypatch):
    (tmp_path / "atheris.py").write_text(NO_FUZZER)
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join([str(tmp_path), *filter(None, sys.path)]))
    monkeypatch.setattr(guided, "MAX_ENDED", 1)
    found = guided.try_target("url", 99, tmp_path / "url")
    assert found.inputs == len(list(inputs("url"))) + 2
    assert found.seed_edges == found.edges > 10
    [name] = found.ended
    assert name.startswith("SIGKILL-")
    assert (tmp_path / "url" / "failures" / name).read_bytes() == b"\0the last"
    assert 0 < found.seconds < 99


def test_a_trial_goes_on_after_a_process_that_was_ended(tmp_path, monkeypatch):
    def run(_, seconds, folder):
        state = State(folder / "state")
        state.begin(bytes(random.Random(seconds).randbytes(4)))
        (folder / "log").write_bytes(b"#2\tINITED cov: 5 ft: 6\n#3\tNEW    cov: 8 ft: 9\n")
        return 77, 2.0

    monkeypatch.setattr(guided, "_run", run)
    found = guided.try_target("url", 5.0, tmp_path)
    assert (found.inputs, found.seconds, found.seed_edges, found.edges) == (3, 6.0, 5, 8)
    assert len({name for name in found.ended if name.startswith("exit-code-77-")}) == 3
