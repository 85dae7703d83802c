"""What becomes of each command that a page shows: it runs, unless it stands in a list that says why not.

On the run of the sample crawl, with what stands for a reader's own in its place; a whole run with
other settings or inputs is planned; some a test elsewhere runs already, with the same options; and
what needs a cluster, a hub or the checkout itself is parsed alone (``tests/test_docs_commands.py``).
"""

import ast
import gzip
import json
import shutil
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from tests.test_docs_commands import found_command, shown_in_blocks

ROOT = Path(__file__).parents[1]

BY_CLUSTER_PAGE = "`make cluster-page` carries it out, in minutes, with packages from an index"
PARSED = {
    "make": "it sets up the environment that the tests run in; `make run` is the tutorial's run",
    ".venv/bin/pre-commit install": "it writes a hook into the checkout",
    ".venv/bin/python -m pytest": "it is the tests themselves",
    "python3 -m venv environment": BY_CLUSTER_PAGE,
    "environment/bin/pip": BY_CLUSTER_PAGE,
    "environment/bin/venv-pack": BY_CLUSTER_PAGE,
    "environment/bin/spark-submit --master spark:": BY_CLUSTER_PAGE,
    "environment/bin/spark-submit --master yarn": "it needs YARN and HDFS",
    "environment/bin/spark-submit --master k8s:": "it needs Kubernetes and an object store",
    "python -c from sentence_transformers": "it fetches a checkpoint from a hub",
    "python -c from transformers": "it needs a checkpoint of the reader's",
}
"""Beginnings of commands that no test can run, and why."""


@dataclass(frozen=True)
class Elsewhere:
    """A function of a test file that gives the same words to the command line."""

    path: str
    function: str
    without: tuple[str, ...] = ()
    """Options that the page has, and it has not."""

    def words(self) -> set[str]:
        """All strings in the function; dashes before them are left out."""
        tree = ast.parse((ROOT / self.path).read_text("utf-8"))
        [found] = [
            node
            for node in ast.walk(tree)
            if isinstance(node, ast.FunctionDef) and node.name == self.function
        ]
        constants = [node.value for node in ast.walk(found) if isinstance(node, ast.Constant)]
        return {word.lstrip("-") for word in constants if isinstance(word, str)}


ELSEWHERE = {
    "curate train quality": Elsewhere(
        "tests/curation/finetuning/test_train.py",
        "arguments",
        without=("--root",),  # it has documents in a file
    ),
    "curate distil quality": Elsewhere("tests/curation/distilling/test_distil.py", "arguments"),
    "curate label ask": Elsewhere("tests/curation/labelling/asking/test_ask.py", "ask"),
    "curate label import": Elsewhere("tests/curation/labelling/test_importing.py", "take"),
    "curate history": Elsewhere(
        "tests/curation/cli/test_history.py",
        "test_the_history_server_shows_the_run_on_loopback_until_it_is_ended",
    ),
    "curate plan conf/local.toml crawl/ --root runs --forecast": Elsewhere(
        "tests/curation/run/test_forecast.py",
        "test_a_forecast_is_printed_and_leaves_nothing_anywhere",
    ),
}
"""Beginnings of commands that another test runs, and where."""

TUTORIAL = "runs/sample"
"""The root in the tutorial; other pages call theirs ``runs``."""
CHANGING = {"balance", "compact", "takedown", "withdraw"}
"""Commands that would change the run for the tests after them: they have one of their own."""
STANDS_FOR = {
    "june": "default",
    "https://www.example.org/page": "https://www.kestrel.example/tech/1429.html",
}
"""What pages call a reader's own, and what it is here."""


def commands_to_run():
    """Those that are typed as they are, at most with another batch or page."""
    return [words for words in _of_curate() if not _is_planned(words)]


def runs_to_plan():
    """Whole runs that the sample's is not: what they read and how they are set is checked."""
    return [words for words in _of_curate() if _is_planned(words)]


def _of_curate():
    listed = (*PARSED, *ELSEWHERE)
    return [words for words in shown_in_blocks() if not " ".join(words).startswith(listed)]


def _is_planned(words):
    is_of_sample = words[2:4] == ("conf/local.toml", "sample") and "--set" not in words
    return words[1] == "run" and not is_of_sample


def asked_of(words):
    """The words that lead to a command, and its options, without dashes."""
    rest = found_command(words[1:])[2]
    names = words[1 : len(words) - len(rest)]
    return {*names, *(word.lstrip("-") for word in rest if word.startswith("-"))}


def typed(words):
    """The arguments of ``curate`` for a command.

    Whoever withdraws a batch agrees to it. Workers of a session that was started in another folder
    do not know a root by its name in this one.
    """
    given = [STANDS_FOR.get(word, word) for word in words[1:]]
    for place, word in enumerate(given[:-1], 1):
        if word == "--root":
            given[place] = str(Path(given[place]).absolute())
    return [*given, "--yes"] if words[1] == "withdraw" else given


def folder_for(words, place, other, spare):
    """Where a command is typed: pages but the tutorial's call the crawl and the root otherwise."""
    if words[1] in CHANGING:
        shutil.copytree(other / "runs", spare / "runs", symlinks=True)
        (spare / "conf").symlink_to(other / "conf")
        (spare / "list.txt").write_text("www.kestrel.example/tech/1429.html\n")
        return spare
    return place if any(TUTORIAL in word or word == "sample" for word in words[2:]) else other


def lay_out(place, other, conf):
    """Make of a folder with ``sample`` and ``runs/sample`` what the pages suppose."""
    other.mkdir()
    for crawl in ("crawl", "may", "june"):
        (other / crawl).symlink_to(place / "sample")
    (other / "runs").symlink_to(place / TUTORIAL)
    for folder in (place, other):
        (folder / "conf").mkdir()
        for path in conf.iterdir():
            (folder / "conf" / path.name).symlink_to(path)
    [shards] = (place / TUTORIAL / "local" / "default").glob("*-export-*")
    shutil.copytree(shards, other / "copied-shards")
    trial = place / "runs" / "stricter"
    shutil.copytree(place / TUTORIAL / "local", trial / "local", symlinks=True)
    (other / "trial").symlink_to(trial)
    (other / "runs-trial").symlink_to(trial)
    _write_record_lists(other, place / "sample", (conf / "local.toml").read_text("utf-8"))


def _write_record_lists(folder, crawl, conf):
    """The configuration and the lists of some records that ``docs/stages/source.md`` names."""
    source = f'[source]\narchives = "{crawl}/"\n'
    (folder / "conf" / "mine.toml").write_text(f"{conf}\n{source}", "utf-8")
    name = next(crawl.glob("*.warc.gz")).name
    record = json.dumps({"filename": name, "offset": "0", "length": "400"})
    with gzip.open(folder / "selection.cdxj.gz", "wt") as lines:
        lines.write(f"example,kestrel)/ 20260102030405 {record}\n")
    (folder / "more").mkdir()
    table = pa.table(
        {
            "warc_filename": [name],
            "warc_record_offset": pa.array([0], pa.int64()),
            "warc_record_length": pa.array([400], pa.int64()),
        }
    )
    pq.write_table(table, folder / "more" / "part-0.parquet")
