"""The README.md of an exported dataset: for Hugging Face to read, and for people."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from curation.outputs.export_counts import ExportCounts
from curation.outputs.provenance import relative_name
from curation.storage.manifest import Manifest, ReasonCount

CONFIGURATION = "configuration.json"
MANIFEST = "manifest.json"

_SIZES = ((1_000, "n<1K"), (10_000, "1K<n<10K"), (100_000, "10K<n<100K"), (1_000_000, "100K<n<1M"))
_MAX_SOURCES = 20
_NUMBERS = {"rows", "tokens", "documents", "pages", "in", "kept", "removed", "quarantined"}

_ORDER = (
    "Rows come in the order of a seeded hash, so that the first shards are a fair sample. What "
    "each column means stands in the shards' schema and in `manifest.json`; from `warc_filename`, "
    "`warc_record_offset` and `warc_record_length` a page is found again in the crawl."
)
_LICENCE = (
    "**Missing, to be filled in by who publishes this:** the licence of the collection, the terms "
    "of the crawl, a contact for those who want a page taken out. Nothing here grants a licence: "
    "the text of a page belongs to its publisher."
)
_SCORES = (
    "Scores of language, quality, page type and class are models' guesses, and their errors are in "
    "the selection."
)
_SCRIPTS = (
    "Text was extracted from pages without running their scripts: what only a browser shows is "
    "missing."
)
_UNSEEN: Mapping[str, str] = {
    "decontamination": "Items of benchmarks were not looked for.",
    "privacy": "Personal data was not looked for.",
    "safety": "Unsafe text was looked for by address alone.",
    "fuzzy_dedup": "Near copies were not looked for.",
    "semantic_dedup": "Rewrites were not looked for.",
}
"""What is said where no stage of that name ran."""


@dataclass(frozen=True)
class DatasetFacts:
    """What a card tells of a dataset. ``root`` is the folder that its ``sources`` lie in.

    ``suffix`` is that of files that the hub reads, "" if it does not read them.
    """

    name: str
    fingerprint: str
    suffix: str
    counts: ExportCounts
    sources: Sequence[str] = ()
    root: str = ""
    steps: Sequence[Manifest] = ()


def dataset_card(facts: DatasetFacts) -> str:
    """The card, in Markdown."""
    lines = (
        *_header(facts),
        *(f"# {facts.name}", ""),
        *("Web pages, filtered, deduplicated and balanced.", "", _ORDER, ""),
        *_contents(facts.counts),
        *_sources(facts),
        *_processing(facts.steps),
        *("## Licence", "", _LICENCE, ""),
        *_limits(facts.steps),
        *_citation(facts),
    )
    return "\n".join(lines)


def _header(facts: DatasetFacts) -> Iterator[str]:
    languages = [language for language in sorted(facts.counts.languages) if language]
    size = next((label for limit, label in _SIZES if facts.counts.rows < limit), "n>1M")
    yield from ("---", f"pretty_name: {json.dumps(facts.name)}", "# license: missing, fill it in")
    yield from ("task_categories:", "- text-generation")
    if languages:
        yield from ("language:", *(f"- {json.dumps(language)}" for language in languages))
    yield from ("size_categories:", f"- {size}")
    if facts.suffix:
        yield from ("configs:", "- config_name: default", "  data_files:", "  - split: train")
        yield f"    path: shard-*{facts.suffix}"
    yield from ("---", "")


def counted(counts: ExportCounts) -> str:
    """How much there is, in the words of the card."""
    return (
        f"{counts.documents:,} documents in {counts.rows:,} rows, {counts.tokens:,} tokens, "
        f"{counts.chars:,} characters"
    )


def _contents(counts: ExportCounts) -> Iterator[str]:
    yield from ("## Contents", "")
    yield (
        f"{counted(counts)}. A document that the balance repeats stands in several rows, numbered "
        "in `copy` from 0."
    )
    yield ""
    times = sorted(counts.copies.items(), key=lambda item: int(item[0]))
    yield from _table(("written", "documents"), ((f"{n} times", d) for n, d in times))
    yield from _shares("language", counts.languages, counts.language_tokens)
    yield from _shares("page type", counts.page_types, counts.page_type_tokens)
    yield from _shares("category", counts.categories, counts.category_tokens)


def _sources(facts: DatasetFacts) -> Iterator[str]:
    yield from ("## Sources", "")
    yield from _shares("batch", facts.counts.batches, facts.counts.batch_tokens)
    if not facts.sources:
        return
    rows, tokens = facts.counts.sources, facts.counts.source_tokens
    names = sorted(relative_name(source, facts.root) for source in facts.sources)
    most = sorted(dict.fromkeys(names), key=lambda name: -rows.get(name, 0))[:_MAX_SOURCES]
    yield from (f"{len(names):,} files of the crawl were read:", "")
    counts = ((name, rows.get(name, 0), tokens.get(name, 0)) for name in most)
    yield from _table(("file", "rows", "tokens"), counts)
    if len(names) > len(most):
        left = f"{len(names) - len(most):,} more; each that has rows, with its counts"
        yield from (f"And {left}, stands in [{MANIFEST}]({MANIFEST}).", "")


def _processing(steps: Sequence[Manifest]) -> Iterator[str]:
    if not steps:
        return
    yield from ("## How it was made", "")
    yield f"Every setting stands in [{CONFIGURATION}]({CONFIGURATION}), under its name."
    yield ""
    columns = ("step", "stages, with their versions", "in", "kept", "removed", "quarantined")
    yield from _table(columns, map(_of_step, steps))
    yield from ("What left, by reason:", "")
    left = sorted((r for step in steps for r in step.reasons), key=lambda r: (-r.rows, r))
    yield from _table(("decision", "stage", "reason", "pages"), map(_of_reason, left))


def _of_step(step: Manifest) -> tuple[str | int, ...]:
    stages = ", ".join(f"{stage.name} {stage.version}" for stage in step.stages)
    return (step.step, stages, step.rows_in, step.keep, step.remove, step.quarantine)


def _of_reason(reason: ReasonCount) -> tuple[str | int, ...]:
    return (str(reason.decision), reason.stage, reason.reason, reason.rows)


def _limits(steps: Sequence[Manifest]) -> Iterator[str]:
    ran = {stage.name for step in steps for stage in step.stages}
    yield from ("## Known limits", "", f"- {_SCORES}", f"- {_SCRIPTS}")
    if steps:
        yield from (f"- {limit}" for stage, limit in _UNSEEN.items() if stage not in ran)
    yield ""


def _citation(facts: DatasetFacts) -> Iterator[str]:
    yield from ("## How to cite", "", "Author, year and address are to be filled in.", "")
    yield from ("```bibtex", f"@misc{{{facts.name},", f"  title = {{{facts.name}}},")
    yield from ("  author = {},", "  year = {},", "  url = {},")
    yield from (f"  note = {{Configuration {facts.fingerprint or 'none'}}}", "}", "```", "")


def _shares(what: str, rows: Mapping[str, int], tokens: Mapping[str, int]) -> Iterator[str]:
    """Rows and tokens by the values of a column, if it has any."""
    if not any(rows):
        return
    most = sorted(rows.items(), key=lambda item: (-item[1], item[0]))
    yield from _table((what, "rows", "tokens"), ((v, n, tokens.get(v, 0)) for v, n in most))


def _table(head: Sequence[str], rows: Iterable[Sequence[str | int]]) -> Iterator[str]:
    written = ["| " + " | ".join(_shown(value) for value in row) + " |" for row in rows]
    if not written:
        return
    yield "| " + " | ".join(head) + " |"
    yield "|" + "|".join("---:" if column in _NUMBERS else "---" for column in head) + "|"
    yield from (*written, "")


def _shown(value: str | int) -> str:
    return f"{value:,}" if isinstance(value, int) else _cell(value)


def _cell(text: str) -> str:
    """A value of the data inside a table of Markdown."""
    clean = "".join(c if c.isalnum() or c in " _-./&," else " " for c in text)
    return clean.strip() or "(none)"
