"""Judge a few documents here and now, as a run would."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

import pyarrow as pa

from conf.records import RecordReader
from curation.config import PipelineConfig, StepConfig, following, resolve_stages
from curation.errors import UsageError
from curation.parts.reader import batched, crawled
from curation.run.chain_checks import check_columns, check_languages
from curation.sources.reader import SourceOptions
from curation.sources.table_rows import BadRowError, TableColumns, page_of_row
from schemas.document import document_schema
from schemas.page import Loss, Page
from stages.base import CorpusStage, Stage
from stages.chain import Document, open_chain, run_chain

AnyPage = str | Mapping[str, object] | Page | Loss
"""A text; a row with ``text`` or ``html``, and ``url``, ``title``, ``date`` or ``id`` if there are
any; or what :func:`curation.read_warc` yields."""


def judge(pages: Iterable[AnyPage], stages: Iterable[str | Stage]) -> pa.Table:
    """What a chain of document stages makes of texts or pages, in their order, one row for each.

    A stage is named as in a configuration, and has its defaults then, or is one with other
    settings: ``Language(min_confidence=0.9)``. The columns are those of the documents and of the
    stages, then ``decision`` (keep, remove or quarantine), ``stage``, ``reason``, ``detail`` and
    ``edits``. All rows are in memory at once: give it as many pages as you want to look at.

    Raises ConfigError or UsageError for stages that cannot run so, and for what is no page.

    >>> table = judge(["Log in"], ["language", "rules"])
    >>> table.select(["language", "decision", "stage", "reason"]).to_pylist()
    [{'language': 'en', 'decision': 'remove', 'stage': 'rules', 'reason': 'text_too_short'}]
    """
    chosen = _configured(stages)
    step = StepConfig("judge", tuple(chosen))
    config = PipelineConfig("judge", (step,), chosen)
    [columns] = check_columns(config)
    check_languages(config)
    schema = document_schema(columns)
    schema = schema.insert(schema.get_field_index("stage"), pa.field("decision", pa.string()))
    chain = open_chain(chosen.values())
    batches = []
    for documents in batched(_documents(pages)):
        run_chain(chain, documents)
        rows = [{**document.row(), "decision": document.decision} for document in documents]
        batches.append(pa.RecordBatch.from_pylist(rows, schema=schema))
    return pa.Table.from_batches(batches, schema=schema)


def _configured(stages: Iterable[str | Stage]) -> dict[str, Stage]:
    """The stages by name; those that were named follow the settings of others, as in a run."""
    chosen: dict[str, Stage] = {}
    named = []
    for given in [stages] if isinstance(stages, str) else stages:
        stage = _find(given, chosen) if isinstance(given, str) else given
        if isinstance(stage, CorpusStage):
            rule = "judges documents against each other, which takes a run: leave it out"
            raise UsageError(f"stage {stage.name} {rule}")
        if stage.name in chosen:
            raise UsageError(f"stage {stage.name} is there twice")
        chosen[stage.name] = stage
        if stage is not given:
            named.append(stage.name)
    return chosen | {name: following(chosen[name], chosen) for name in named}


def _find(name: str, chosen: Mapping[str, Stage]) -> Stage:
    earlier = {name: type(stage) for name, stage in chosen.items()}
    [kind] = resolve_stages(RecordReader("judge"), [name], "stages", earlier).values()
    return kind()


def _documents(pages: Iterable[AnyPage]) -> Iterator[Document]:
    options = SourceOptions()
    for number, page in enumerate([pages] if isinstance(pages, str) else pages):
        item = page if isinstance(page, Page | Loss) else _page_of(page, number)
        yield crawled(item, 0, "", options)


def _page_of(page: str | Mapping[str, object], number: int) -> Page:
    """The page that a table of such rows would have, where ``number`` is that of the row."""
    row = {"text": page} if isinstance(page, str) else page
    if not isinstance(row, Mapping):
        rule = "must be a text, a row with text or html, or a page"
        raise UsageError(f"page {number} is a {type(page).__name__}: it {rule}")
    try:
        return page_of_row(row, TableColumns(), "", number)
    except BadRowError as error:
        raise UsageError(f"page {number}: {error}") from error
