"""Every output by its name. A new one is its file, one line here, its test, and a table."""

from __future__ import annotations

from collections.abc import Mapping

from curation.outputs.base import Output
from curation.outputs.export import Export
from curation.outputs.jsonl import Jsonl
from curation.outputs.pack import Pack

OUTPUTS: Mapping[str, type[Output]] = {output.name: output for output in (Export, Pack, Jsonl)}
"""In the order in which a run makes them: an output stands behind what it is made of."""
