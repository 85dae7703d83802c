"""The engine, and its Python API: ``judge`` texts and pages, ``read_warc``, ``open_run``.

The modules of the API are imported when they are asked for: the command line does without them.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from curation.api.judging import judge
    from curation.api.runs import Run, open_run
    from curation.sources.warc import read_warc
else:
    _MODULES = {
        "judge": "curation.api.judging",
        "read_warc": "curation.sources.warc",
        "open_run": "curation.api.runs",
        "Run": "curation.api.runs",
    }

    def __getattr__(name: str) -> object:
        if name not in _MODULES:
            raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
        return getattr(import_module(_MODULES[name]), name)


__all__ = ["Run", "judge", "open_run", "read_warc"]
