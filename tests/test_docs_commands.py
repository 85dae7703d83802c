"""Every command that the pages show is one: `curate` takes it, the module, target or job is there."""

import importlib.util
import re
import shlex

import click
import pytest

from curation.cli.main import main
from tests.test_docs import OF_TODAY, ROOT, name_of

SHELL = re.compile(r"^( *)```(?:sh|bash)\n(.*?)^\1```", re.DOTALL | re.MULTILINE)
INLINE = re.compile(r"`curate ([a-z][^`]+)`")
ASSIGNMENT = re.compile(r"[A-Z_]+=\S*")


def shell_commands(text):
    """The commands of a page's shell blocks, as words; comments, prompts and assignments left out."""
    for _, block in SHELL.findall(text):
        for line in block.replace("\\\n", " ").splitlines():
            words = shlex.split(re.sub(r"(^|\s)#.*", "", line))
            while words and (ASSIGNMENT.fullmatch(words[0]) or words[0] in ("&&", "$", "time")):
                words.pop(0)
            if words:
                yield words[: next((i for i, w in enumerate(words) if w in "|><&&"), len(words))]


def shown_in_blocks():
    found = {}
    for page in OF_TODAY:
        for words in shell_commands(page.read_text("utf-8")):
            found.setdefault(tuple(words), name_of(page))
    return found


def shown_in_sentences():
    """What follows `curate` in a sentence: names, options, and placeholders for values."""
    found = {}
    for page in OF_TODAY:
        for shown in INLINE.findall(SHELL.sub("", page.read_text("utf-8"))):
            found.setdefault(shown, name_of(page))
    return found


def found_command(words):
    """The command that the words lead to, its name, and the words after it."""
    command, name, rest = main, "curate", list(words)
    while isinstance(command, click.Group) and rest and not rest[0].startswith("-"):
        name, *rest = rest
        assert name in command.commands, f"there is no command {name}"
        command = command.commands[name]
    return command, name, rest


def check_curate(words):
    """Let the command line read the words, and do nothing."""
    command, name, rest = found_command(words)
    if rest not in (["--help"], ["--version"]) and not isinstance(command, click.Group):
        command.make_context(name, rest)


def check_make(arguments):
    targets = re.findall(r"^([\w-]+):", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE)
    assert [one for one in arguments if "=" not in one and one not in targets] == []


def check_module(arguments):
    if arguments[:1] == ["-m"]:
        assert arguments[1] == "pytest" or importlib.util.find_spec(arguments[1]), arguments[1]


def check_job(arguments):
    jobs = [one[one.index("jobs/") :] for one in arguments if "jobs/" in one]
    assert jobs
    assert (ROOT / jobs[0]).is_file()


CHECKS = {
    "curate": check_curate,
    "make": check_make,
    "python": check_module,
    "spark-submit": check_job,
}


def check_command(words):
    program = words[0].rpartition("/")[2]
    if program in CHECKS:
        CHECKS[program](list(words[1:]))


@pytest.mark.parametrize("words", shown_in_blocks(), ids=" ".join)
def test_a_command_that_a_page_shows_is_one(words):
    check_command(words)


@pytest.mark.parametrize("shown", shown_in_sentences())
def test_a_command_that_a_sentence_names_is_one(shown):
    words = [one for one in re.split(r"[\s\[\]]+", shown.replace("\\|", "|")) if one]
    for name in words[1].split("|") if len(words) > 1 and "|" in words[1] else [""]:
        command, _, rest = found_command([words[0], name, *words[2:]] if name else words)
        known = {option for parameter in command.params for option in parameter.opts}
        asked = {one.partition("=")[0] for one in rest if one.startswith("--")}
        assert asked - known - {"--help"} == set()


@pytest.mark.parametrize(
    "wrong",
    [
        "curate reprot --root runs",
        "curate run conf/local.toml --root runs",
        "curate report --root runs --no-such-option",
        "curate label exprot quality",
        "make no-such-target",
        "python -m benchmarks.no_such_module",
        "spark-submit jobs/no_such_job.py",
    ],
)
def test_a_command_that_is_none_is_seen(wrong):
    with pytest.raises((AssertionError, click.UsageError)):
        check_command(wrong.split())


def test_commands_are_found_in_pages():
    programs = {words[0].rpartition("/")[2] for words in shown_in_blocks()}
    assert programs >= {"curate", "make", "python", "spark-submit"}
    assert len(shown_in_sentences()) > 30


def test_what_the_makefile_starts_is_there():
    makefile = (ROOT / "Makefile").read_text("utf-8")
    modules = re.findall(r"python -m (\S+)|\$\(PYTHON\) -m (\S+)", makefile, re.IGNORECASE)
    named = {first or second for first, second in modules}
    named |= {f"benchmarks.{name}" for name in re.findall(r"\$\(BENCH\)\.(\w+)", makefile)}
    assert len(named) > 40
    assert [name for name in named if not importlib.util.find_spec(name)] == []
