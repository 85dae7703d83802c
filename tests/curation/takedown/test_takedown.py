"""Takedowns of batches that are done, held against batches to which the list was given beforehand."""

import json
import shutil
from pathlib import Path

import pyarrow.parquet as pq
import pytest
import zstandard
from pyarrow.fs import FileSelector

from curation import storage
from curation.outputs.mds import read_rows
from curation.sources.takedown.entries import Entry, Kind
from curation.sources.takedown.lists import TakedownList, stored_lists
from curation.spark.tasks import SparkTasks
from curation.storage import manifest
from curation.storage.stores import resolve
from curation.takedown import outputs, steps
from curation.takedown.root import carry_out, read_list
from tests.commands import curate, message, output
from tests.curation.conftest import Bucket
from tests.curation.small_runs import crawl
from tests.curation.takedown.made_batches import here, make_batch

WORDS = "tea was grown on the hills above the old town and carried down to the river"
LENGTHS = {1: 141, 2: 105, 14: 143, 15: 107}
"""Of texts that a step removes: odd ones, and short ones; the others are kept."""
TEXTS = [(f"{WORDS} " + f"number {n:02d} " * 9)[: LENGTHS.get(n, 140)] for n in range(18)]
LIST = "# asked for by mail\nHTTP://www.A.example:80/3/\nb.example\n"
STEPS = ("01-scored", "02-even", "02-late-even")
MADE = ("03-export", "04-pack", "05-jsonl", "06-mds", "03-late-export", "04-late-pack")


@pytest.fixture(scope="module")
def crawled(tmp_path_factory):
    """Three files; of the second one's pages the last is of another site."""
    folder = Path(crawl(tmp_path_factory.mktemp("crawl"), a=TEXTS[:9], b=TEXTS[9:13], c=TEXTS[13:]))
    lines = (folder / "b.jsonl").read_text()
    (folder / "b.jsonl").write_text(lines.replace("b.example/3", "cb.example/3"))
    return folder


@pytest.fixture(scope="module")
def whole(crawled, tmp_path_factory):
    root = tmp_path_factory.mktemp("whole")
    make_batch(root, "may", crawled)
    return root


@pytest.fixture(scope="module")
def taken(whole, tmp_path_factory):
    """The root after the takedown, not to be changed, and what the command said."""
    home = tmp_path_factory.mktemp("taken")
    (home / "list.txt").write_text(LIST)
    root = shutil.copytree(whole, home / "root")
    return root, output("takedown", home / "list.txt", "--root", root)


@pytest.fixture
def root(whole, tmp_path):
    return shutil.copytree(whole, tmp_path / "root")


@pytest.fixture
def listed(tmp_path):
    path = tmp_path / "list.txt"
    path.write_text(LIST)
    return path


def step_folder(root, name):
    return str(Path(root) / "made" / "may" / f"{name}-{'0' * 12}")


def made(root, name):
    return manifest.load(step_folder(root, name))


def contents(root):
    return {
        str(path.relative_to(root)): path.read_bytes()
        for path in Path(root).rglob("*")
        if path.is_file()
    }


def texts_of(path):
    if path.name.endswith(".jsonl.zst"):
        with zstandard.open(path, "rt", encoding="utf-8") as lines:
            return {json.loads(line)["text"] for line in lines}
    if path.suffix == ".mds":
        return {row["text"] for row in read_rows(str(path))}
    if path.suffix != ".parquet":
        return set()
    return {str(row) for row in pq.read_table(path, partitioning=None).to_pylist()}


def holders(root, text):
    """The files of a root that hold a text."""
    return [p for p in Path(root).rglob("*") if p.is_file() if any(text in t for t in texts_of(p))]


def test_all_bytes_are_those_of_a_batch_that_had_the_list_from_the_start(taken, crawled, tmp_path):
    root, _ = taken
    shutil.copytree(root / "_takedowns", tmp_path / "new" / "_takedowns")
    make_batch(tmp_path / "new", "may", crawled, stored_lists(str(tmp_path / "new")))
    for name in STEPS:
        ours, theirs = made(root, name), made(tmp_path / "new", name)
        assert ours.parts == theirs.parts
        assert (ours.summary, ours.reasons) == (theirs.summary, theirs.reasons)
        assert (ours.rows_in, ours.keep, ours.remove) == (
            *(theirs.rows_in, theirs.keep, theirs.remove),
        )
    for name in MADE:
        ours, theirs = made(root, name), made(tmp_path / "new", name)
        assert (ours.figures, ours.tokens) == (theirs.figures, theirs.tokens)
        assert ours.products == theirs.products


def test_no_file_of_the_root_holds_a_text_that_was_taken_down(whole, taken):
    gone = [TEXTS[3], *TEXTS[9:12]]
    assert all(len(holders(whole, text)) > 3 for text in gone)
    assert [holders(taken[0], text) for text in gone] == [[], [], [], []]
    assert len(holders(taken[0], TEXTS[4])) > 3


def test_the_command_says_what_it_took_down(taken):
    assert "made/may: 4 documents taken down" in taken[1]
    assert "verified: whole, and nothing that a list names is left" in taken[1]
    assert f"03-export-{'0' * 12}: 4 rows" in taken[1]


def test_the_ledger_and_why_say_when_and_by_which_list(taken):
    root, _ = taken
    reasons = {(r.stage, r.reason): r.rows for r in made(root, "01-scored").reasons}
    assert reasons["takedown", "taken_down"] == 4
    assert "whole" in output("verify", "--root", root, "--deep")
    story = output("why", "http://a.example/3", "--root", root)
    assert "removed by takedown: taken_down: url a.example/3, line 2 of list.txt" in story
    assert stored_lists(str(root)).open().lists[0].given in story


def test_a_page_that_never_came_is_said_to_be_kept_out(taken):
    ran = curate("why", "http://b.example/never", "--root", taken[0])
    assert "no page with this URL" in message(ran)
    assert "to be kept out wherever it comes: site b.example, line 3 of list.txt" in ran.stderr


def test_state_forgets_their_keys_and_no_others(whole, taken):
    def ids(root):
        [file] = made(root, "02-even").state
        path = f"{step_folder(root, '02-even')}/state/{file.name}"
        return set(pq.read_table(path)["doc_id"].to_pylist())

    urls = {
        row["doc_id"]: row["url"]
        for path in Path(step_folder(whole, "03-export")).glob("*.parquet")
        for row in pq.read_table(path).to_pylist()
    }
    gone = {urls[one] for one in ids(whole) - ids(taken[0])}
    assert gone == {"http://a.example/3", *(f"http://b.example/{n}" for n in range(3))}
    assert ids(taken[0]) < ids(whole)


def test_taking_down_again_changes_nothing(taken):
    root, _ = taken
    before = contents(root)
    (root.parent / "list.txt").write_text(LIST)
    said = output("takedown", root.parent / "list.txt", "--root", root)
    assert "nothing to take down" in said
    assert contents(root) == before


def test_a_dry_run_says_what_would_go_and_changes_nothing(root, listed):
    before = contents(root)
    said = output("takedown", listed, "--root", root, "--dry-run")
    assert "4 documents would go" in said
    assert "http://a.example/3 " in said
    assert f"03-export-{'0' * 12}: " in said
    assert contents(root) == before


def test_nothing_is_done_for_a_list_with_junk(root, tmp_path):
    before = contents(root)
    (tmp_path / "junk.txt").write_text("b.example\nnot a page\n\ncom.\n")
    ran = curate("takedown", tmp_path / "junk.txt", "--root", root)
    assert ran.exit_code == 2
    assert "junk.txt, line 2: 'not a page' holds white space" in ran.stderr
    assert "junk.txt, line 4: 'com.' is no URL" in ran.stderr
    assert contents(root) == before


@pytest.mark.slow
@pytest.mark.spark
def test_many_files_are_looked_through_by_tasks_of_spark_to_the_same_bytes(taken, root, spark):
    [listed] = stored_lists(str(taken[0])).open().lists
    carry_out(SparkTasks(lambda: spark, few_here=2), str(root), listed, lambda _: None)
    assert contents(root) == contents(taken[0])


@pytest.mark.slow
def test_a_takedown_in_a_bucket_comes_to_the_same_bytes(tmp_path, s3_server, s3_environment):
    s3_environment(s3_server)
    make_batch(tmp_path / "root", "may", crawl(tmp_path / "crawl", a=TEXTS[3:7]))
    root = Bucket(s3_server, "takedown").uri
    for name, content in contents(tmp_path / "root").items():
        storage.write_bytes(f"{root}/{name}", content)
    listed = TakedownList("l.txt", "2026-01-02T03:04:05Z", (Entry(Kind.URL, "a.example/1", 1),))
    for one in (str(tmp_path / "root"), root):
        carry_out(here, one, listed, lambda _: None)
    assert not holders(tmp_path / "root", TEXTS[4])
    expected = contents(tmp_path / "root")
    store, inner = resolve(root)
    files = store.get_file_info(FileSelector(inner, recursive=True))
    names = {one.path.removeprefix(f"{inner}/") for one in files if one.is_file}
    assert names == expected.keys()
    assert {name: storage.read_bytes(f"{root}/{name}") for name in names} == expected


class StoppedError(Exception):
    pass


def stopping(function, at):
    """The function, until it is called for that time."""
    calls = iter(range(1, at + 1))

    def stop(*given, **named):
        if next(calls) == at:
            raise StoppedError
        return function(*given, **named)

    return stop


STOPS = [
    (steps, "rewrite_part", 2),
    (manifest, "delete_strays", 2),
    (outputs.storage, "move", 3),
]


@pytest.mark.slow
@pytest.mark.parametrize(("module", "name", "at"), STOPS, ids=[f"{n}-{a}" for _, n, a in STOPS])
def test_what_was_broken_off_looks_broken_and_is_finished_by_the_same_command(
    root, listed, monkeypatch, module, name, at
):
    entry = read_list(str(listed))
    with monkeypatch.context() as patched:
        patched.setattr(module, name, stopping(getattr(module, name), at))
        with pytest.raises(StoppedError):
            carry_out(here, str(root), entry, lambda _: None)
    broken = curate("verify", "--root", root)
    assert broken.exit_code == 7
    assert "a takedown was broken off" in broken.stdout
    carry_out(here, str(root), entry, lambda _: None)
    assert [holders(root, text) for text in (TEXTS[3], TEXTS[10])] == [[], []]
    assert "whole" in output("verify", "--root", root, "--deep")
    assert not [name for name in contents(root) if "_takedown/" in name]
    assert {made(root, name).rows_in for name in MADE} == {made(root, "02-even").keep}
