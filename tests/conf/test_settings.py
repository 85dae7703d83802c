from dataclasses import dataclass, field
from enum import StrEnum
from typing import Annotated

from annotated_types import Interval, Unit

from conf.settings import Setting, read_settings


class Order(StrEnum):
    FIRST = "first"
    LAST = "last"


@dataclass(frozen=True)
class Inner:
    url: str = "url"
    """The column of
    the address."""


@dataclass(frozen=True)
class Base:
    """A docstring is no meaning of a field."""

    seed: int = 0
    """Of the draw."""
    kept: tuple[str, ...] = ("a",)
    """Those that stay."""


@dataclass(frozen=True)
class Whole(Base):
    name: str = field(kw_only=True)
    max_wait_s: Annotated[float, Interval(gt=0), Unit("s")] = 2.0
    """How long."""
    undocumented: bool = False
    order: Order = Order.LAST
    """Of all."""
    columns: Inner = field(default_factory=Inner)
    seed: int = 7
    """Of the order."""

    def __post_init__(self):
        """This is no meaning of the field before it."""


def test_every_field_is_a_setting_as_it_is_declared():
    number = {"type": "number", "exclusiveMinimum": 0}
    [seed, kept, name, wait, undocumented, order, url] = read_settings(Whole)
    assert seed == Setting("seed", {"type": "integer"}, False, 7, "", "Of the order.")
    assert (kept.default, kept.meaning) == (["a"], "Those that stay.")
    assert name == Setting("name", {"type": "string"}, True, None, "", "")
    assert wait == Setting("max_wait_s", number, False, 2.0, "s", "How long.")
    assert (undocumented.default, undocumented.meaning) == (False, "")
    assert (order.default, order.schema["enum"]) == ("last", ["first", "last"])
    assert (url.key, url.meaning) == ("columns.url", "The column of the address.")


def test_only_the_fields_that_are_meant_are_read():
    assert [one.key for one in read_settings(Whole, ["columns", "order"])] == [
        "order",
        "columns.url",
    ]


def test_a_class_without_its_source_has_settings_without_meanings():
    code = "@dataclass\nclass Shell:\n    seed: int = 3\n    'Of the draw.'\n"
    space = {"dataclass": dataclass, "__name__": "nowhere"}
    exec(code, space)
    assert list(read_settings(space["Shell"])) == [
        Setting("seed", {"type": "integer"}, False, 3, "", "")
    ]
