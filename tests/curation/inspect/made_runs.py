"""Runs of document stages made without Spark: parts judged and written as a worker does it."""

from dataclasses import replace

from curation.batches.run_record import RunRecord
from curation.parts.writer import PartWriter
from curation.run.resources import describe
from curation.storage import manifest
from curation.storage.manifest import Manifest
from schemas.document import SOURCE_COLUMNS, crawl_position
from schemas.page import doc_id
from schemas.verdict import Decision
from stages.chain import Document, open_chain, run_chain


def page(number, text="A text.", **more):
    columns = dict.fromkeys(SOURCE_COLUMNS)
    return {
        **columns,
        "doc_id": doc_id("made", str(number)),
        "url": f"https://www.site-{number % 7}.example/Pages/{number}.html",
        "source": "crawl.warc.gz",
        "offset": number * 100,
        "position": crawl_position(number // 50, number * 100),
        "title": f"Page {number}",
        "text": text,
        **more,
    }


def make_run(root, pages, steps, *, batch="default", parts=3, configuration=None, flags=None):
    """The batch folder of a run in which each step is (name, stages), with flags by position."""
    folder = root / "made" / batch
    columns = dict(SOURCE_COLUMNS)
    names, documents = [], [Document(dict(row)) for row in pages]
    for one in documents:
        one.flag = (flags or {}).get(one.columns["position"])
    for number, (name, stages) in enumerate(steps, 1):
        for stage in stages:
            columns |= stage.writes
        names.append(f"{number:02d}-{name}-{'0' * 12}")
        chain = open_chain(stages)
        results = []
        for part, some in enumerate(cut(documents, parts)):
            run_chain(chain, some)
            with PartWriter(
                columns, str(folder / names[-1]), part, 10_000, is_crawled=number == 1
            ) as writer:
                writer.write(some)
                results.append(writer.finish({}))
        done(name, number, stages, results).save(str(folder / names[-1]))
        documents = [one for one in documents if one.decision is Decision.KEEP]
    record = RunRecord(0, configuration or {}, ("crawl",), tuple(names), {}, {})
    record.save(str(folder))
    return str(folder)


def cut(documents, parts):
    """Neighbours in so many parts, the last of which may be shorter."""
    size = -(-len(documents) // parts)
    return [documents[start : start + size] for start in range(0, len(documents), max(1, size))]


def done(name, number, stages, results):
    totals = manifest.add_up(results)
    counts = [totals.rows.get(decision, 0) for decision in Decision]
    return Manifest(
        *(name, number, "0" * 12, tuple(map(describe, stages)), totals.rows_in, *counts),
        *(totals.reasons, {}, 1.0, tuple(results)),
        limits={stage.name: found for stage in stages if (found := stage.limits_in_force())},
    )


def forget_lookup(batch_folder, step):
    """Make a step what it was before parts had a lookup file."""
    folder = f"{batch_folder}/{step}"
    made = manifest.load(folder)
    parts = tuple(replace(part, lookup=None) for part in made.parts)
    replace(made, parts=parts).save(folder)
