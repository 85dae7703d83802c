"""Every stage by its name: ours, and those of other packages.

A stage of ours is its file, one line here, its test, and configuration. Any other one is named by
its class, ``my_package.stages:MaxLength``, or by its name, if its package offers it in the entry
point group ``curation.stages``.
"""

from __future__ import annotations

import inspect
import re
from collections.abc import Mapping
from importlib import import_module
from importlib.metadata import entry_points
from operator import attrgetter

from stages.balance import Balance
from stages.base import Stage
from stages.category import Category
from stages.clutter import Clutter
from stages.extract import Extract
from stages.fuzzy_dedup import FuzzyDedup
from stages.identity import Identity
from stages.language import Language
from stages.line_dedup import LineDedup
from stages.page_type import PageType
from stages.payload_dedup import PayloadDedup
from stages.privacy import Privacy
from stages.quality import Quality
from stages.rules import Rules
from stages.semantic_dedup import SemanticDedup
from stages.url_filter import UrlFilter

STAGES: Mapping[str, type[Stage]] = {
    stage.name: stage
    for stage in (
        UrlFilter,
        PayloadDedup,
        Extract,
        Language,
        Identity,
        LineDedup,
        Rules,
        Privacy,
        FuzzyDedup,
        PageType,
        Clutter,
        Quality,
        SemanticDedup,
        Category,
        Balance,
    )
}
"""Those of this project. Their names mean them, whatever else is installed."""

ENTRY_POINT_GROUP = "curation.stages"

_OF_THE_ENGINE = "source"  # what no stage has judged is removed and quarantined by this name
_NAME = re.compile(r"[a-z][a-z0-9_]*")  # it stands in the names of folders, and as a key in TOML
_REFERENCE = re.compile(r"[^\W\d]\w*(\.[^\W\d]\w*)*:[^\W\d]\w*(\.[^\W\d]\w*)*")


class StageReferenceError(ValueError):
    """What should name a stage does not; the message says in one line why."""


def find_stage(reference: str) -> type[Stage]:
    """The class that a name, or ``package.module:Class``, stands for.

    Raises StageReferenceError for a module or class that is not there, and for a class that is no
    stage, is abstract, or has the name of another stage.

    >>> find_stage("stages.language:Language") is find_stage("language") is Language
    True
    """
    if ours := STAGES.get(reference):
        return ours
    by_class = ":" in reference
    found = _load(reference if by_class else _offered(reference)[0])
    if not by_class and found.name != reference:
        raise StageReferenceError(f"its entry point leads to a stage called {found.name!r}")
    _refuse_name_of_another(found)
    return found


def reference_to(stage: type[Stage]) -> str:
    """What ``find_stage`` finds a class by: its name if it is one of ours, else where it stands.

    >>> reference_to(Language)
    'language'
    """
    is_ours = STAGES.get(stage.name) is stage
    return stage.name if is_ours else f"{stage.__module__}:{stage.__qualname__}"


def known_names() -> list[str]:
    """The names of our stages, and of those that installed packages offer."""
    return sorted({*STAGES, *entry_points(group=ENTRY_POINT_GROUP).names})


def _offered(name: str) -> list[str]:
    """The classes that installed packages offer by a name."""
    points = entry_points(group=ENTRY_POINT_GROUP, name=name)
    if not points:
        raise StageReferenceError("is not a stage")
    return [f"{point.module}:{point.attr}" for point in points]


def _load(reference: str) -> type[Stage]:
    if not _REFERENCE.fullmatch(reference):
        raise StageReferenceError("is not of the form package.module:Class")
    module, _, name = reference.partition(":")
    try:
        loaded = import_module(module)
    except ModuleNotFoundError as error:
        if not f"{module}.".startswith(f"{error.name}."):
            raise StageReferenceError(f"{module} needs {error.name}, which is missing") from error
        rule = "install its package where this runs, or put its folder on PYTHONPATH"
        raise StageReferenceError(f"there is no module {error.name}: {rule}") from error
    except ImportError as error:
        raise StageReferenceError(f"{module} cannot be imported: {error}") from error
    try:
        found = attrgetter(name)(loaded)
    except AttributeError as error:
        raise StageReferenceError(f"module {module} has no {name}") from error
    if not isinstance(found, type) or not issubclass(found, Stage):
        raise StageReferenceError(f"{name} is not a Stage: derive it from DocumentStage")
    _check_class(found)
    return found


def _check_class(stage: type[Stage]) -> None:
    """Refuse a class that the engine could not make a stage of."""
    if inspect.isabstract(stage):
        lacking = ", ".join(sorted(stage.__abstractmethods__))
        raise StageReferenceError(f"{stage.__name__} is abstract: it does not define {lacking}")
    if "__dataclass_fields__" not in vars(stage):
        rule = "its fields are its configuration"
        raise StageReferenceError(f"{stage.__name__} is not a @dataclass(frozen=True): {rule}")
    if not _NAME.fullmatch(getattr(stage, "name", "")):
        rule = "lower-case letters, digits and _"
        raise StageReferenceError(f"{stage.__name__} has no name to go by: set name, in {rule}")
    if not hasattr(stage, "reads"):
        raise StageReferenceError(f"{stage.__name__} does not say which columns it reads")


def _refuse_name_of_another(stage: type[Stage]) -> None:
    """Refuse a class that is called as one of ours is, or one that another package offers."""
    others: list[type[Stage]] = []
    if stage.name in STAGES:
        others.append(STAGES[stage.name])
    elif entry_points(group=ENTRY_POINT_GROUP, name=stage.name):
        others += map(_load, _offered(stage.name))
    places = [f"{other.__module__}:{other.__qualname__}" for other in others if other is not stage]
    if stage.name == _OF_THE_ENGINE:
        places.append("the engine's own")
    if places:
        raise StageReferenceError(f"is called {stage.name!r}, which is the name of {places[0]}")
