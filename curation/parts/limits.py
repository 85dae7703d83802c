"""What one document may take of the process that judges it."""

from __future__ import annotations

from dataclasses import dataclass

from stages.base import Bytes, Seconds


@dataclass(frozen=True)
class DocumentLimits:
    """What one document may take in each stage; one that takes more is quarantined."""

    timeout_s: Seconds = 120.0
    """Processor time; by the wall clock it has 30 times as much."""
    max_memory_bytes: Bytes = 8 << 30
    """What a stage may map while it judges, beside what is mapped before."""
