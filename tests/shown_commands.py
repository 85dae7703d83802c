"""Which commands of the pages a test runs as they stand there, and where; all others are parsed."""

import shutil

from curation.cli.main import main
from tests.test_docs_commands import shown_in_blocks

LOOKING = {
    "config",
    "diff",
    "plan",
    "report",
    "sample",
    "sites",
    "verify",
    "whatif",
    "why",
}
"""Commands that take a finished run, or none, seconds, and no Spark."""
SOMEBODYS = "https://www.example.org/"
"""What a page of nobody's crawl is called."""
TUTORIAL = "runs/sample"
"""The root in the tutorial; other pages call theirs ``runs``."""


def commands_to_run():
    """The commands that look, and the run of the tutorial, which finds all of its steps done."""
    return [
        words
        for words in shown_in_blocks()
        if words[0].rpartition("/")[2] == "curate" and _can_run(words)
    ]


def _can_run(words):
    if words[1] == "run":
        return words[2:4] == ("conf/local.toml", "sample") and "--set" not in words
    is_of_sample = "--forecast" not in words and not any(SOMEBODYS in word for word in words)
    return words[1] in LOOKING and words[1] in main.commands and is_of_sample


def folder_for(words, place, other):
    """Where a command is typed: pages but the tutorial's call the crawl and the root otherwise."""
    return place if any(TUTORIAL in word or word == "sample" for word in words[2:]) else other


def lay_out(place, other, conf):
    """Make of a folder with ``sample`` and ``runs/sample`` what the pages suppose."""
    other.mkdir()
    (other / "crawl").symlink_to(place / "sample")
    (other / "runs").symlink_to(place / TUTORIAL)
    for folder in (place, other):
        (folder / "conf").symlink_to(conf)
    [shards] = (place / TUTORIAL / "local" / "default").glob("*-export-*")
    shutil.copytree(shards, other / "copied-shards")
    trial = place / "runs" / "stricter"
    shutil.copytree(place / TUTORIAL / "local", trial / "local", symlinks=True)
    (other / "trial").symlink_to(trial)
    (other / "runs-trial").symlink_to(trial)
