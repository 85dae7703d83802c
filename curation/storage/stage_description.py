"""What the output of a stage depends on: recorded by a step, and hashed into its fingerprint."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace

from pydantic import JsonValue

CLASS = "class"
"""Stands among the resources of a stage from outside the project, and says where that is."""


@dataclass(frozen=True, slots=True)
class StageDescription:
    """A stage as it was configured; ``resources`` are digests of the files that it reads.

    One from outside the project has its ``CLASS`` among them too, as ``package.module:Class``.
    """

    name: str
    version: int
    configuration: Mapping[str, JsonValue]
    resources: Mapping[str, str]

    @property
    def reference(self) -> str:
        """What ``stages.registry`` finds its class by."""
        return self.resources.get(CLASS, self.name)

    def only(self, settings: Collection[str] | None) -> StageDescription:
        """With some settings alone, and the resources whose names begin with theirs; None: all."""
        if settings is None:
            return self
        chosen = {CLASS, *settings}
        return replace(
            self,
            configuration={k: v for k, v in self.configuration.items() if k in chosen},
            resources={k: v for k, v in self.resources.items() if k.split(" ")[0] in chosen},
        )

    def difference_from(self, other: StageDescription) -> str:
        """The first difference from another form of the stage ("there"), in words, "" for none."""
        return (
            _difference("version", {"version": other.version}, {"version": self.version})
            or _difference("configuration", other.configuration, self.configuration)
            or _difference("resources", other.resources, self.resources)
        )


def _difference(what: str, there: Mapping[str, JsonValue], here: Mapping[str, JsonValue]) -> str:
    for key in sorted(here.keys() | there.keys()):
        if here.get(key) != there.get(key):
            return f"{what}: {key} is {there.get(key)!r} there, {here.get(key)!r} here"
    return ""
