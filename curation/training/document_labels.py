"""What documents are by labels that were given by reading them: their category, quality or type.

``labels/TASK_LANGUAGE*.jsonl`` has a row for each document and pass: ``id`` (as ``document_name``
and the manifests name it), ``value``, ``pass`` and ``annotator``. docs/annotation says what the
values mean. Files that begin with ``evaluation_`` are of texts that nothing may be learnt from, and
are not read here.
"""

from __future__ import annotations

import json
from pathlib import Path

from curation.training.page_labels import LABELS


def read_document_labels(task: str, language: str, folder: Path = LABELS) -> dict[str, str]:
    """The value of each document's first pass; a second one is there to measure agreement by."""
    labels = {}
    for path in sorted(folder.glob(f"{task}_{language}*.jsonl")):
        for line in path.read_text("utf-8").splitlines():
            row = json.loads(line)
            if row["pass"] == 1:
                labels[row["id"]] = row["value"]
    return labels


def document_name(collection: str, number: int) -> str:
    """The id of a text that has none in its collection: ``votes 3``, ``article 12``.

    >>> document_name("votes", 3)
    'votes 3'
    """
    return f"{collection} {number}"
