"""Every output by its name: ours, and those of other packages.

An output of ours is its file, one line here, its test, and a table. Any other one has a table named
by its class, ``["my_package:UrlList"]``, or by its name, if its package offers it in the entry
point group ``curation.outputs``.
"""

from __future__ import annotations

from collections.abc import Mapping

from conf.references import Registry
from curation.outputs.base import Output
from curation.outputs.export import Export
from curation.outputs.jsonl import Jsonl
from curation.outputs.mds import Mds
from curation.outputs.pack import Pack

OUTPUTS: Mapping[str, type[Output]] = {output.name: output for output in (Export, Pack, Jsonl, Mds)}
"""Those of this project, in the order in which a run makes them."""

KNOWN_OUTPUTS: Registry[Output] = Registry(
    "an output",
    Output,  # type: ignore[type-abstract] # mypy has no word for a class that may be abstract
    OUTPUTS,
    group="curation.outputs",
)
