"""Tokens in and out of every step over the real pages of DATA, by language and by kind of page.

    python -m benchmarks.last_mile [DATA] [--root ROOT] [--conf CONF]

The crawl is made of the web archives and the page sets of DATA (``last_mile_pages``), the pipeline
is CONF (``conf/local.toml``) with ``decontaminate`` behind its last classifier: by then the kind of
a page is known. It looks for the items of four labelled sets that models are scored on.

Printed: tokens by language, and by kind, as ``curate report`` has them, from the summaries that
parts wrote; then how far the tokens that it estimates are from those that a tokenizer counts in the
stored texts. With ROOT the run stays there, and is not made again; `curate why`, `sample` and
`report` look at it.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from benchmarks.last_mile_pages import ITEMS, write_crawl, write_items
from conf import locate
from curation import storage
from curation.inspect.run_files import StepRun, choose_run, load_run
from curation.inspect.step_summaries import step_summary
from curation.inspect.tokens import Flow, Rates, TokenRow, rows_of_run, token_rates
from curation.storage.parquet import open_parquet
from models import tokenizer
from schemas.verdict import Decision

DATA = Path(__file__).resolve().parents[2] / "shared" / "data"
LANGUAGES = ("zh", "en")
READ_ROWS = 256
BEHIND = '"category"]'
"""What stands behind it in a configuration is where the last classifier is."""
BENCHMARK = """
[[stage.decontaminate.benchmarks]]
name = "{name}"
files = ["{folder}/{name}.jsonl"]
question = ["text"]
id = "id"
"""


def pipeline(conf: str, items: Path) -> str:
    """The configuration with decontamination behind the last classifier."""
    text = locate(conf).read_text("utf-8")
    if BEHIND not in text:
        raise SystemExit(f"{conf}: no step ends with {BEHIND}")
    text = text.replace(BEHIND, '"category", "decontaminate"]')
    return text + "".join(BENCHMARK.format(name=name, folder=items) for name in ITEMS)


def make_run(data: Path, conf: str, root: Path) -> None:
    """Write the crawl and the items below a root, and run the pipeline there."""
    sets = write_crawl(data, root / "crawl")
    items = write_items(data, root / "items")
    (root / "pipeline.toml").write_text(pipeline(conf, root / "items"), "utf-8")
    print(f"{sets:,} pages of sets beside the archives; items: {items}")
    command = [sys.executable, "-m", "curation", "run", str(root / "pipeline.toml")]
    done = subprocess.run(
        [*command, str(root / "crawl"), "--root", str(root / "runs")], check=False
    )
    if done.returncode:
        raise SystemExit(f"the run ended with {done.returncode}")


def tables(runs: Sequence[StepRun]) -> Iterator[str]:
    """The tables by language and by kind, as Markdown."""
    judged = [run for run in runs if run.manifest.stages]
    summaries = [step_summary(run) for run in judged]
    rows = rows_of_run(runs, summaries)
    rates = token_rates(summaries)
    yield ", ".join(f"{one} {rate:.4f}" for one, rate in sorted(rates.per_character.items()))
    yield from _table(rows, "languages", LANGUAGES)
    kinds = Counter[str]()
    for row in rows:
        for kind, flow in row.kinds.items():
            kinds[kind] = max(kinds[kind], flow.before.rows)
    yield from _table(rows, "kinds", [kind for kind, _ in kinds.most_common() if kind])
    yield from _errors(judged, rates)


def _table(rows: Sequence[TokenRow], group: str, shown: Sequence[str]) -> Iterator[str]:
    yield ""
    yield f"| step | stage | documents | {' | '.join(shown)} |"
    yield f"|---|---|---|{'---|' * len(shown)}"
    for row in rows:
        flows: Mapping[str, Flow] = getattr(row, group)
        if any(name in flows for name in shown):
            cells = [_cell(row, flows[name]) if name in flows else "" for name in shown]
            documents = f"{row.whole.before.rows:,} → {row.whole.after.rows:,}"
            name = "" if row.name == row.step else row.name
            yield f"| {row.step} | {name} | {documents} | {' | '.join(cells)} |"


def _cell(row: TokenRow, flow: Flow) -> str:
    mark = "" if row.is_counted else "≈"
    before, after = (
        "?" if one.tokens is None else f"{mark}{one.tokens:,.0f}"
        for one in (flow.before, flow.after)
    )
    return before if before == after else f"{before} → {after}"


def _errors(judged: Sequence[StepRun], rates: Rates) -> Iterator[str]:
    """What estimates are off by, of what a step kept and of what it removed."""
    yield ""
    yield "| step | language | documents | | counted | estimated | off by |"
    yield "|---|---|---|---|---|---|---|"
    for run in judged[: rates.counted_in]:
        for decision in (Decision.KEEP, Decision.REMOVE):
            documents, characters, tokens = _count(run, decision)
            for language in LANGUAGES:
                estimated = rates.tokens(language, characters[language])
                if tokens[language] and estimated is not None:
                    off = estimated / tokens[language] - 1
                    yield (
                        f"| {run.manifest.step} | {language} | {documents[language]:,} | "
                        f"{decision} | {tokens[language]:,} | {estimated:,.0f} | {off:+.1%} |"
                    )


def _count(run: StepRun, decision: Decision) -> tuple[Counter[str], Counter[str], Counter[str]]:
    """Documents, characters and tokens of what a step stored, by language."""
    counter = tokenizer.load()
    documents, characters, tokens = Counter[str](), Counter[str](), Counter[str]()
    for _, file in run.manifest.files(decision):
        with open_parquet(storage.join(run.folder, file.name)) as parquet:
            if "language" not in parquet.schema_arrow.names:
                continue
            for batch in parquet.iter_batches(READ_ROWS, columns=["language", "text"]):
                rows = batch.to_pydict()
                texts = [text or "" for text in rows["text"]]
                for language, text, count in zip(
                    rows["language"], texts, counter.count(texts), strict=True
                ):
                    documents[language or ""] += 1
                    characters[language or ""] += len(text)
                    tokens[language or ""] += count
    return documents, characters, tokens


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("data", type=Path, nargs="?", default=DATA)
    parser.add_argument("--root", type=Path)
    parser.add_argument("--conf", default="local.toml")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        root = (options.root or Path(scratch)).absolute()
        if not (root / "runs").is_dir():
            make_run(options.data, options.conf, root)
        runs = load_run(choose_run(str(root / "runs"), None, None))
        print("\n".join(tables(runs)))


if __name__ == "__main__":
    main()
