"""The README.md of an exported dataset: for Hugging Face to read, and for people."""

from __future__ import annotations

import json

from curation.outputs.export_counts import ExportCounts
from curation.outputs.shards import ShardLayout

_SIZES = ((1_000, "n<1K"), (10_000, "1K<n<10K"), (100_000, "10K<n<100K"), (1_000_000, "100K<n<1M"))

_COUNTS = (
    "{counts.rows:,} rows, {counts.tokens:,} tokens, {counts.chars:,} characters. A document that "
    "the balance repeats stands in several rows, numbered in `copy` from 0."
)
_ORDER = (
    "Rows come in the order of a seeded hash, so that the first shards are a fair sample. The text "
    "of a page belongs to its publisher."
)


def dataset_card(name: str, counts: ExportCounts, layout: ShardLayout, fingerprint: str) -> str:
    """The card of a dataset of these counts, in Markdown."""
    return "\n".join(
        [
            _header(name, counts, layout.suffix),
            f"# {name}",
            "",
            "Web pages in Chinese and English, filtered, deduplicated and balanced.",
            "",
            _COUNTS.format(counts=counts),
            "",
            _ORDER,
            "",
            "| language | rows | tokens |",
            "|---|---:|---:|",
            *(
                f"| {_cell(language)} | {rows:,} | {counts.language_tokens[language]:,} |"
                for language, rows in sorted(counts.languages.items())
            ),
            "",
            "| category | rows |",
            "|---|---:|",
            *(
                f"| {_cell(category)} | {rows:,} |"
                for category, rows in sorted(counts.categories.items(), key=lambda c: (-c[1], c[0]))
            ),
            "",
            f"Configuration fingerprint: `{fingerprint or 'none'}`",
            "",
            "",
        ]
    )


def _header(name: str, counts: ExportCounts, suffix: str) -> str:
    languages = [language for language in sorted(counts.languages) if language]
    size = next((label for limit, label in _SIZES if counts.rows < limit), "n>1M")
    return "\n".join(
        [
            "---",
            f"pretty_name: {json.dumps(name)}",
            "task_categories:",
            "- text-generation",
            *(
                ["language:", *(f"- {json.dumps(language)}" for language in languages)]
                * bool(languages)
            ),
            "size_categories:",
            f"- {size}",
            "configs:",
            "- config_name: default",
            "  data_files:",
            "  - split: train",
            f"    path: shard-*{suffix}",
            "---",
            "",
        ]
    )


def _cell(text: str) -> str:
    """A value of the data inside a table of Markdown."""
    clean = "".join(c if c.isalnum() or c in " _-./&" else " " for c in text)
    return clean.strip() or "(none)"
