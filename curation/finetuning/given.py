"""What a training is given besides its settings: where documents lie, and who may use what."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Texts:
    """Where documents lie: a run below a root, or a JSONL file."""

    root: str | None = None
    """Folder or URI that holds the run whose documents are labelled."""
    pipeline: str | None = None
    """Pipeline, if the root holds several."""
    batch: str | None = None
    """Batch, if the pipeline has several."""
    documents: str | None = None
    """A JSONL file of documents in place of a run."""


@dataclass(frozen=True, slots=True)
class Licences:
    """What whoever trains says of the weights and of their base."""

    licence: str = ""
    """Of the weights, for the card: an SPDX name."""
    base_licence: str = ""
    """Of the base, for the card."""
