"""The command line in this process, for tests that are not about the process."""

from click.testing import CliRunner, Result

from curation.cli.main import main


def curate(*arguments: object) -> Result:
    """What a command prints and the code it ends with; an error that it did not expect is raised."""
    ran = CliRunner().invoke(main, list(map(str, arguments)))
    if ran.exception and not isinstance(ran.exception, SystemExit):
        raise ran.exception
    return ran


def output(*arguments: object) -> str:
    """The standard output of a command that must succeed."""
    ran = curate(*arguments)
    assert ran.exit_code == 0, ran.stderr[-3000:]
    return ran.stdout


def message(ran: Result) -> str:
    """The one line on standard error that says what cannot be."""
    [line] = [line for line in ran.stderr.splitlines() if line.startswith("curate: ")]
    return line.removeprefix("curate: ")
