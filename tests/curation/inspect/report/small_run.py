"""A finished run of a few documents, written as a run writes it, and what its report holds."""

import json
import re
from enum import StrEnum

import pyarrow as pa

from curation import storage
from curation.batches.run_record import RunRecord
from curation.inspect.report import render
from curation.parts.writer import PartWriter
from curation.storage.manifest import Manifest
from curation.storage.stage_description import StageDescription
from curation.summaries.files import write_summary
from curation.summaries.summary import add
from curation.summaries.twins import find_twins, twins_wanted
from schemas.document import SOURCE_COLUMNS
from schemas.verdict import Decision, Edit, keep, quarantine, remove
from stages.chain import Document
from stages.recall import Bound, Limit

HOSTILE = (
    "</script><script>window.ran = 1</script><img src=x onerror='window.ran = 2'>{{ 7*7 }}"
    "<!--<script>\u2028\u202eabc\u0000\x1b[2J&lt;b&gt;]]>\ufeff"
)
LIMITS = {
    "rules": (
        Limit("max_words", "measures.words", Bound.AT_MOST, 20, language="en"),
        Limit("max_words", "measures.words", Bound.AT_MOST, 30, language="zh"),
    ),
    "quality": (Limit("min_quality", "quality", Bound.AT_LEAST, 0.5),),
}
COLUMNS = {
    **SOURCE_COLUMNS,
    "site": pa.string(),
    "language": pa.string(),
    "category": pa.string(),
    "quality": pa.float64(),
    "measures": pa.struct([("words", pa.float64())]),
    "twin": pa.string(),
    "copies": pa.int32(),
    "tokens": pa.int64(),
}


class Fault(StrEnum):
    TOO_MANY_WORDS = "too_many_words"
    SAME_TEXT = "same_text"
    BAD = "<b>bad</b>"


def document(number, text="", **columns):
    """A document; English if its number is even."""
    return Document(
        {
            "doc_id": f"{number:032x}",
            "url": f"http://www.site-{number % 14}.example/{number}",
            "site": f"site-{number % 14}.example",
            "source": "crawl.warc.gz",
            "offset": number,
            "position": number,
            "text": text,
            "title": f"Page {number}",
            "language": "zh" if number % 2 else "en",
            "category": "film" if number % 3 else "music",
            "quality": number / 100,
            "measures": {"words": float(number)},
            "copies": 2,
            "tokens": 10,
            **columns,
        }
    )


def make_run(folder, documents=None, stages=("rules", "quality")):
    """A run of one step over some documents that are judged already."""
    step = storage.join(str(folder), "01-prepare-abc")
    some = usual_documents() if documents is None else documents
    with PartWriter(COLUMNS, step, 0, 10_000, limits=LIMITS) as writer:
        writer.write(some)
        part = writer.finish({HOSTILE: 1})
    decisions = [one.decision for one in some]
    descriptions = tuple(StageDescription(name, 3, {}, {HOSTILE: "digest"}) for name in stages)
    done = Manifest(
        *("prepare", 1, "abc", descriptions, len(some)),
        *(decisions.count(decision) for decision in Decision),
        part.reasons,
        {HOSTILE: 1},
        2.5,
        (part,),
        summary=with_twins(step, part),
        limits=LIMITS,
        finished="2026-01-02T03:04:05Z",
    )
    done.save(step)
    settings = {"name": "small", "stage.quality.min_quality": 0.5, "mine.key": HOSTILE}
    RunRecord(0, settings, (f"in/{HOSTILE}",), ("01-prepare-abc",), {}, {}).save(str(folder))
    return str(folder)


def with_twins(step, part):
    """The summary of the step, as a run adds the twins to it."""
    from curation.summaries.files import read_summary

    known = read_summary(storage.join(step, part.summary.name))
    wanted = twins_wanted(known)
    found = [
        find_twins(storage.join(step, file.name), decision, wanted)
        for decision, file in part.files.items()
    ]
    return write_summary(add([known, *found]), step, "step")


def usual_documents():
    """Some of each kind: kept, with cut lines, for a fault, for a twin, not judged, hostile."""
    some = [document(number, f"Words of page {number}.\n网页的文字。") for number in range(1, 41)]
    for one in some[20:]:
        one.apply("rules", remove(Fault.TOO_MANY_WORDS, "words 33 > max_words 20"))
    some[0].apply(
        "line_dedup", keep({}, [Edit(0, "Share this", "often"), Edit(3, "Home", "often")])
    )
    copy = document(50, "Words of another page.\n网页的文字。", twin=f"{1:032x}")
    copy.apply("identity", remove(Fault.SAME_TEXT, f"the same text as {1:032x}, which stays"))
    lost = document(51, "", doc_id="", url=None)
    lost.apply("source", quarantine(Fault.BAD, HOSTILE))
    return [*some, copy, lost, *hostile_documents()]


def hostile_documents():
    """Pages whose every text is an attack."""
    texts = ("url", "title", "language", "site", "category", "text")
    kept = document(60, **dict.fromkeys(texts, HOSTILE))
    gone = document(61, **dict.fromkeys(texts, HOSTILE), twin=HOSTILE)
    gone.apply("rules", remove(Fault.BAD, HOSTILE))
    kept.apply("line_dedup", keep({}, [Edit(0, HOSTILE, "often")]))
    huge = document(62, HOSTILE * 500 + "字" * 100_000, url="javascript:window.ran=3")
    return [kept, gone, huge]


def data_of(html):
    """The data that a report holds."""
    [found] = re.findall(
        r'<script type="application/json" id="data">(.*?)</script>', html, re.DOTALL
    )
    return json.loads(found)


def report_of(folder, *arguments):
    """The data of the report of a run."""
    return data_of(render(str(folder), *arguments))
