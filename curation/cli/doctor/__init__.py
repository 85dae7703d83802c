"""Look at the machine as a run of a configuration would find it, and say what to do about it."""

from __future__ import annotations

from collections.abc import Iterator

from curation.cli.doctor import files, machine, software
from curation.cli.doctor.finding import Finding, State, problem

__all__ = ["Finding", "State", "examine"]


def examine(conf: str, root: str | None) -> Iterator[Finding]:
    """Every check of what a run of ``conf`` needs, one after the other.

    ``root`` is where it would write, if that is known. Raises ConfigError for a configuration that
    cannot be; whatever else is wrong is a finding.
    """
    yield software.python()
    yield software.packages()
    yield software.java()
    try:
        from curation.config import load_config

        config = load_config(conf)
    except ImportError as error:
        yield problem("stages", f"cannot be imported ({error})", software.INSTALL)
        return
    checkpoints = machine.checkpoints_of(config)
    yield software.packages_for(checkpoints)
    yield machine.cores(config.spark)
    yield machine.memory(config.spark)
    yield machine.gpus(checkpoints)
    yield files.scratch()
    if root:
        yield files.root(root)
    yield from files.resources(config)
