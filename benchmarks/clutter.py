"""How well the embedded clutter model tells lines on labels it has not seen, and what cuts do.

    python -m benchmarks.clutter DATA

Four things: the ROC AUC of lines of English web documents that people judged (never trained on),
with the length of a line alone beside it; what share of the cut lines is main text at thresholds,
there and on our own texts and cases (all main text); the F1 of extraction before and after on
labelled pages of sites that the weights have not seen; and how many documents have lines whose
score is near a threshold, which a cascade would send on. Out-of-fold figures on lines that were
read are in ``clutter.json``, documents a second those of `benchmarks.classifiers`.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import mean

import numpy as np

from conf import locate
from curation.config import load_config
from curation.training.extraction import extraction_tools
from curation.training.labelled_pages import FOLDERS, read_pages
from curation.training.text_score import f1_of
from curation.training.written_texts import read_written
from models.clutter import ClutterScore, EmbeddedClutter, judged_lines, load
from models.linear.fit import roc_auc
from models.text.shape import width
from stages.clutter import cut
from stages.extract import extract

THRESHOLDS = (0.02, 0.05, 0.1, 0.2, 0.3)
UNSURE = ((0.05, 0.2), (0.02, 0.3), (0.02, 0.5))
"""Bands of scores about the default threshold, 0.1."""
CASES = ("good_english", "good_chinese")


@dataclass(frozen=True, slots=True)
class Judged:
    """Lines of one document, and whether each is to stay."""

    lines: Sequence[str]
    stays: Sequence[bool]


@dataclass(frozen=True, slots=True)
class Served:
    """A labelled page's text as extracted, and its true main text."""

    language: str
    text: str
    truth: str


def line_quality(data: Path) -> Iterator[Judged]:
    """English web documents whose lines people marked to keep or drop."""
    for row in json.loads((data / "labels/linequality_en_train.json").read_text("utf-8")):
        pairs = [
            (line.replace("\n", " "), bool(int(label)))
            for line, label in zip(row["text"], row["labels"], strict=True)
            if line.strip()
        ]
        yield Judged(*zip(*pairs, strict=True))


def good_texts(data: Path) -> dict[str, list[Judged]]:
    """Texts of which every line is main: those of ours not learnt from, and the cases."""
    found = {}
    for language in FOLDERS:
        texts = [
            f"{one.title}\n{one.text}"
            for one in read_written(language)
            if one.is_good and not one.is_for_tuning
        ]
        found[f"written, {language}"] = list(map(_all_main, texts))
    for name in CASES:
        rows = [row["text"] for row in _rows(data.parent / f"cases/{name}.jsonl")]
        found[name] = list(map(_all_main, rows))
    return found


def _rows(path: Path) -> list[dict[str, str]]:
    return [json.loads(line) for line in path.read_text("utf-8").splitlines()]


def _all_main(text: str) -> Judged:
    lines = judged_lines(text)
    return Judged(lines, [True] * len(lines))


def unseen_pages(data: Path) -> Iterator[Served]:
    """Labelled pages that are held out, as extraction serves them."""
    tools = extraction_tools(load_config(locate("local.toml")))
    for language in FOLDERS:
        for page in read_pages(data / "extraction", language):
            if page.is_held_out and page.truth:
                text = extract(page.page.body, url=page.page.url, tools=tools).text
                yield Served(language, text, page.truth)


def report_lines(name: str, documents: Sequence[Judged], scores: Sequence[ClutterScore]) -> None:
    """Print the AUC of a set, and what is cut of it; a line that is not judged stays."""
    stays = np.array([stay for one in documents for stay in one.stays])
    found = np.array([1.0 if s is None else s for score in scores for s in score.lines])
    lengths = np.array([float(width(line)) for one in documents for line in one.lines])
    print(f"{name}: {len(stays)} lines, {int((~stays).sum())} to drop")
    if (~stays).any():
        print(f"  ROC AUC {roc_auc(stays, found)}, of the length alone {roc_auc(stays, lengths)}")
        print(f"  mean over documents {_by_document(documents, found)}", end="")
        print(f", of the length alone {_by_document(documents, lengths)}")
    for threshold in THRESHOLDS:
        low = found < threshold
        wrong = int((low & stays).sum())
        print(f"  under {threshold}: {int(low.sum())} cut, {wrong} of them main text")


def _by_document(documents: Sequence[Judged], found: Iterable[float]) -> float:
    rest = iter(found)
    each = [roc_auc(one.stays, [next(rest) for _ in one.lines]) for one in documents]
    return round(mean(auc for auc in each if auc is not None), 4)


def report_extraction(pages: Sequence[Served], scores: Sequence[ClutterScore]) -> None:
    """Print the mean F1 before and after, by language."""
    for language in FOLDERS:
        own = [(p, s) for p, s in zip(pages, scores, strict=True) if p.language == language]
        before = mean(f1_of(page.text, page.truth, language) for page, _ in own)
        print(f"extraction, {language}, {len(own)} pages: F1 {before:.4f} before")
        for threshold in THRESHOLDS:
            after = [f1_of(cut(p.text, s, threshold)[0], p.truth, language) for p, s in own]
            print(f"  {mean(after):.4f} after {threshold}")


def report_unsure(name: str, scores: Sequence[ClutterScore]) -> None:
    """Print the shares of lines within bands, and of documents that have such lines."""
    judged = [np.array([line for line in one.lines if line is not None]) for one in scores]
    judged = [lines for lines in judged if len(lines)]
    print(f"unsure lines, {name}, {len(judged)} documents:")
    for low, high in UNSURE:
        inside = [(low <= lines) & (lines <= high) for lines in judged]
        lines = np.concatenate(inside).mean()
        some, many = (np.mean([one.mean() > least for one in inside]) for least in (0, 0.1))
        print(f"  {low} to {high}: {lines:.1%} of the lines; {some:.1%} of the documents have one")
        print(f"    and {many:.1%} have more than one in ten")


def main(data: Path) -> None:
    """Print everything."""
    model = load()
    assert isinstance(model, EmbeddedClutter)
    sets = {"line quality, en": list(line_quality(data)), **good_texts(data)}
    for name, documents in sets.items():
        if documents:
            scores = model.score(["\n".join(one.lines) for one in documents])
            report_lines(name, documents, scores)
            report_unsure(name, scores)
    pages = list(unseen_pages(data))
    scores = model.score([page.text for page in pages])
    report_extraction(pages, scores)
    for language in FOLDERS:
        own = [s for page, s in zip(pages, scores, strict=True) if page.language == language]
        report_unsure(f"extracted, {language}", own)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
