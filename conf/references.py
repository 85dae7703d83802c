"""What a configuration names: classes by a name or as ``package.module:Class``, and callables.

A class of another package goes by its name too if that package offers it in an entry point group.
"""

from __future__ import annotations

import inspect
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from importlib import import_module
from importlib.metadata import entry_points
from operator import attrgetter
from typing import Any, ClassVar, Generic, Protocol, TypeVar

_NAME = re.compile(r"[a-z][a-z0-9_]*")  # it stands in the names of folders, and as a key in TOML
_REFERENCE = re.compile(r"[^\W\d]\w*(\.[^\W\d]\w*)*:[^\W\d]\w*(\.[^\W\d]\w*)*")


class ClassReferenceError(ValueError):
    """What should name a class does not; the message says in one line why."""


class Named(Protocol):
    """What a configuration names: its fields are its settings, and ``name`` is its table's."""

    name: ClassVar[str]


Kind = TypeVar("Kind", bound=Named)


@dataclass(frozen=True)
class Registry(Generic[Kind]):
    """All classes of one kind.

    ``what`` is the kind in words ("a stage"), ``base`` the class to derive one from. ``ours`` are
    those of this project: their names mean them, whatever else is installed. ``reserved`` are names
    that mean something else, and what; ``attributes`` are those that a class must have, with what
    is wrong without them.
    """

    what: str
    base: type[Kind]
    ours: Mapping[str, type[Kind]]
    group: str
    reserved: Mapping[str, str] = field(default_factory=dict)
    attributes: Mapping[str, str] = field(default_factory=dict)

    def find(self, reference: str) -> type[Kind]:
        """The class that a name, or ``package.module:Class``, stands for.

        Raises ClassReferenceError for a module or class that is not there, and for a class that is
        of another kind, is abstract, or has the name of another one.
        """
        if ours := self.ours.get(reference):
            return ours
        by_class = ":" in reference
        found = self._load(reference if by_class else self._offered(reference)[0])
        if not by_class and found.name != reference:
            raise ClassReferenceError(f"its entry point leads to {self.what} called {found.name!r}")
        self._refuse_name_of_another(found)
        return found

    def reference_to(self, kind: type[Kind]) -> str:
        """What ``find`` finds a class by: its name if it is one of ours, else where it stands."""
        return kind.name if self.ours.get(kind.name) is kind else place_of(kind)

    def names(self) -> list[str]:
        """The names of ours, and then of those that installed packages offer."""
        offered = entry_points(group=self.group).names - self.ours.keys()
        return [*self.ours, *sorted(offered)]

    def _offered(self, name: str) -> list[str]:
        """The classes that installed packages offer by a name."""
        points = entry_points(group=self.group, name=name)
        if not points:
            raise ClassReferenceError(f"is not {self.what}")
        return [f"{point.module}:{point.attr}" for point in points]

    def _load(self, reference: str) -> type[Kind]:
        module, name, loaded = _import(reference)
        try:
            found = attrgetter(name)(loaded)
        except AttributeError as error:
            raise ClassReferenceError(f"module {module} has no {name}") from error
        if not isinstance(found, type) or not issubclass(found, self.base):
            rule = f"derive it from {self.base.__module__}.{self.base.__name__}"
            raise ClassReferenceError(f"{name} is not {self.what}: {rule}")
        self._check(found)
        return found

    def _check(self, kind: type[Kind]) -> None:
        """Refuse a class of which the engine could not make one."""
        name = kind.__name__
        if inspect.isabstract(kind):
            lacking = ", ".join(sorted(kind.__abstractmethods__))
            raise ClassReferenceError(f"{name} is abstract: it does not define {lacking}")
        if "__dataclass_fields__" not in vars(kind):
            rule = "its fields are its configuration"
            raise ClassReferenceError(f"{name} is not a @dataclass(frozen=True): {rule}")
        if not _NAME.fullmatch(getattr(kind, "name", "")):
            rule = "lower-case letters, digits and _"
            raise ClassReferenceError(f"{name} has no name to go by: set name, in {rule}")
        for attribute, fault in self.attributes.items():
            if not hasattr(kind, attribute):
                raise ClassReferenceError(f"{name} {fault}")

    def _refuse_name_of_another(self, kind: type[Kind]) -> None:
        """Refuse a class that is called as one of ours is, or as one that a package offers."""
        others: list[type[Kind]] = []
        if kind.name in self.ours:
            others.append(self.ours[kind.name])
        elif entry_points(group=self.group, name=kind.name):
            others += map(self._load, self._offered(kind.name))
        places = [place_of(other) for other in others if other is not kind]
        if kind.name in self.reserved:
            places.append(self.reserved[kind.name])
        if places:
            called = f"is called {kind.name!r}, which is the name of {places[0]}"
            raise ClassReferenceError(called)


def place_of(kind: type) -> str:
    """Where a class stands, as a configuration names it.

    >>> place_of(Registry)
    'conf.references:Registry'
    """
    return f"{kind.__module__}:{kind.__qualname__}"


def find_callable(reference: str) -> Callable[..., Any]:
    """What ``package.module:name`` stands for.

    Raises ClassReferenceError for what is not there, and for what cannot be called.
    """
    module, name, loaded = _import(reference, "package.module:name")
    try:
        found = attrgetter(name)(loaded)
    except AttributeError as error:
        raise ClassReferenceError(f"module {module} has no {name}") from error
    if not callable(found):
        raise ClassReferenceError(f"{name} cannot be called")
    return found


def _import(reference: str, form: str = "package.module:Class") -> tuple[str, str, object]:
    """The module and the name in it that a reference has, and that module."""
    if not _REFERENCE.fullmatch(reference):
        raise ClassReferenceError(f"is not of the form {form}")
    module, _, name = reference.partition(":")
    try:
        return module, name, import_module(module)
    except ModuleNotFoundError as error:
        if not f"{module}.".startswith(f"{error.name}."):
            raise ClassReferenceError(f"{module} needs {error.name}, which is missing") from error
        rule = "install its package where this runs, or put its folder on PYTHONPATH"
        raise ClassReferenceError(f"there is no module {error.name}: {rule}") from error
    except ImportError as error:
        raise ClassReferenceError(f"{module} cannot be imported: {error}") from error
