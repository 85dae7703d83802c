"""Documents taken through the stages of a pipeline, up to the one that will judge them.

Whoever trains reads what a pipeline serves: the same stages with the same settings, in order, run
by the same chain. Corpus stages judge each document as one that no other is like: they raise no
flag, for labelled documents are no crawl.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from curation.config import PipelineConfig
from curation.errors import UsageError
from curation.parts.reader import batched, crawled
from curation.training.examples import Example, TrainingDocument
from schemas.verdict import Decision
from stages.base import Stage
from stages.chain import Document, Link, open_chain, run_chain
from stages.extract.markup import Markup


def stages_before(config: PipelineConfig, name: str) -> tuple[Stage, ...]:
    """The stages that a document has passed when the stage of this name judges it.

    Raises UsageError if the pipeline has no such stage.
    """
    names = [name for step in config.step for name in step.stages]
    if name not in names:
        raise UsageError(f"{config.name}: runs no stage {name!r}; its stages: {', '.join(names)}")
    return tuple(config.stage[earlier] for earlier in names[: names.index(name)])


def serve(
    documents: Iterable[TrainingDocument], stages: Sequence[Stage], config: PipelineConfig
) -> Iterator[Example]:
    """Every document, in order, as it stands after the stages.

    A page that a stage stops ends there, and has no text. A document that entered as text goes on:
    page_type calls 55% of the articles that come without page and address a list, and texts that
    were made bad are removed for it by one stage or another. What is learnt from those is what
    good and bad look like, but in the form in which stages leave a text.
    """
    chain = open_chain(stages)
    waiting: list[TrainingDocument] = []

    def enter() -> Iterator[Document]:
        for document in documents:
            waiting.append(document)
            yield crawled(document.page, 0, "", config.source)

    for served in batched(enter()):
        stopped = _run(chain, served)
        yield from map(_example, waiting, served, stopped)
        waiting.clear()


def _run(chain: Sequence[Link], documents: list[Document]) -> list[str]:
    """Run the chain in place; for each document what stopped it first, "" for nothing."""
    entered_as_text = [bool(document.columns["text"]) for document in documents]
    stopped = [""] * len(documents)
    for link in chain:
        run_chain([link], documents)
        for number, document in enumerate(documents):
            if document.decision is not Decision.KEEP:
                stopped[number] = stopped[number] or f"{document.stage}/{document.reason}"
                if entered_as_text[number] and document.decision is Decision.REMOVE:
                    documents[number] = Document(document.columns)
    return stopped


def _example(entered: TrainingDocument, served: Document, stopped_by: str) -> Example:
    columns, markup = served.columns, served.columns.get("markup")
    is_gone = served.decision is not Decision.KEEP
    return Example(
        columns["doc_id"],
        entered.known,
        stopped_by,
        columns["url"],
        "" if is_gone else columns["title"],
        "" if is_gone else columns["text"],
        Markup(**markup) if markup and not is_gone else None,
    )
