"""Options that are made of the records which they fill."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Annotated

import click
import pytest
from annotated_types import Ge, Interval
from click.testing import CliRunner

from curation.cli.records import SectionedCommand, fills


class Colour(StrEnum):
    RED = "red"
    DARK_BLUE = "dark-blue"


@dataclass(frozen=True)
class Paint:
    colour: Colour = Colour.DARK_BLUE
    """What it ``looks`` like."""
    coats: Annotated[int, Ge(1)] = 2
    """How often."""
    share: Annotated[float, Interval(ge=0, le=1)] | None = None
    dries_fast: bool = False
    """Whether it does."""


@dataclass(frozen=True)
class Wall:
    width_m: float


@click.command(cls=SectionedCommand)
@click.option("--out")
@fills("paint", Paint, "Paint", later={"coats": lambda given: 9 if given["out"] else 3})
@fills("wall", Wall, "The wall", short={"width_m": "-w"})
def command(out, paint, wall):
    click.echo(f"{out} {paint} {wall}")


@click.command(cls=SectionedCommand)
@fills("paint", Paint, "Paint")
def paint_alone(paint):
    assert isinstance(paint.colour, Colour)
    click.echo(f"{paint.colour.name} {paint.coats} {paint.share} {paint.dries_fast}")


def ran(tool, *arguments):
    return CliRunner().invoke(tool, list(map(str, arguments)))


def test_options_fill_their_record():
    assert ran(paint_alone).output == "DARK_BLUE 2 None False\n"
    given = ["--colour", "red", "--coats", 5, "--share", 0.5, "--dries-fast"]
    assert ran(paint_alone, *given).output == "RED 5 0.5 True\n"


@pytest.mark.parametrize(
    "given", [["--coats", 0], ["--share", 1.1], ["--colour", "DARK_BLUE"], ["--coats", "x"]]
)
def test_bounds_and_values_are_those_of_the_field(given):
    found = ran(paint_alone, *given)
    assert found.exit_code == 2
    assert given[0] in found.output


def test_a_default_may_hang_on_what_else_is_given():
    assert "coats=3" in ran(command, "-w", 2).output
    assert "coats=9" in ran(command, "-w", 2, "--out", "o").output
    assert "coats=4" in ran(command, "-w", 2, "--out", "o", "--coats", 4).output


def test_a_field_without_a_default_is_asked_for():
    assert "Missing option '-w' / '--width-m'" in ran(command).output


def test_help_has_a_section_for_each_record_with_the_meaning_of_each_field():
    lines = ran(command, "--help").output.splitlines()
    heads = [line for line in lines if line.endswith(":") and not line.startswith(" ")]
    assert heads == ["Options:", "Paint:", "The wall:"]
    text = " ".join(" ".join(lines).split())
    assert "--colour [red|dark-blue] What it looks like. [default: dark-blue]" in text
