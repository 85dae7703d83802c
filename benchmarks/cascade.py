"""What a cascade sends on to a checkpoint, and what it costs against the checkpoint alone.

    python -m benchmarks.cascade ../shared/data [NAME …]

A small checkpoint learns from a first part of a collection of labelled texts, an embedded model
from what it says of a second part, on which the bands of scores are chosen too. All figures are of
a third part, which neither has seen: what the stage ``quality`` decides in a cascade, beside what
it decides by the checkpoint alone. The question is the collection's, not quality: whether an
English news item is about business or technology, whether a Chinese sentence offends nobody.

``both`` is half of each collection, learnt by one checkpoint for both questions: there one band of
scores for all texts is held against one for each language.
"""

from __future__ import annotations

import csv
import gzip
import io
import json
import tempfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from time import process_time

import click
import numpy as np
from click.testing import CliRunner

from curation.cli.main import main
from curation.distilling.distil import distil
from curation.distilling.sampled import SampledText
from curation.distilling.tasks import DISTILLATIONS
from curation.finetuning.documents import Document
from curation.finetuning.small_checkpoints import make
from curation.labelling.records import Label, digest_of_text, to_lines
from models.cascade import Bin, Cascade, best_band, bins_of
from models.distillation.agreement import sends
from models.linear.fit import roc_auc
from models.transformer.checkpoint import find_checkpoint
from schemas.verdict import Verdict
from stages.quality import Quality

PARTS = (0.4, 0.25, 0.35)
"""Of the texts: the checkpoint learns from, the embedded model learns from, figures are of."""
MAX_TEXTS = 4_000
THRESHOLD = 0.5
BOTH = "both"
SHARES = (0.02, 0.05, 0.1, 0.2, 0.3, 0.5)
TRAINING = ["--folds", "2", "--epochs", "3", "--learning-rate", "2e-3", "--max-tokens", "256"]


@dataclass(frozen=True, slots=True)
class Text:
    """A text, and whether its label is the one that is asked for."""

    document: Document
    is_wanted: bool


def read(data: Path, name: str, of: Callable[[Mapping[str, str]], tuple[str, bool]]) -> list[Text]:
    """The texts of a collection, in its order."""
    content = gzip.decompress((data / "labels" / name).read_bytes()).decode("utf-8")
    first = content.partition("\n")[0]
    fields = None if "TEXT" in first else ["label", "title", "text"]
    language = "zh" if fields is None else "en"
    found = []
    for number, row in enumerate(csv.DictReader(io.StringIO(content), fields)):
        text, is_wanted = of(row)
        name = f"{language}-{number}"
        found.append(Text(Document(name, text, language=language, site=name), is_wanted))
    return found


COLLECTIONS: Mapping[str, Callable[[Mapping[str, str]], tuple[str, bool]]] = {
    "agnews_en.csv.gz": lambda row: (f"{row['title']}. {row['text']}", row["label"] in {"3", "4"}),
    "cold_offensive_zh_train.csv.gz": lambda row: (row["TEXT"], row["label"] == "0"),
}


def train(folder: Path, texts: Sequence[Text]) -> Path:
    """A checkpoint of two layers that has learnt the labels, by `curate train`."""
    make(folder / "bases", lambda _: None)
    rows = [
        json.dumps(
            {
                "doc_id": one.document.doc_id,
                "text": one.document.text,
                "language": one.document.language,
            }
        )
        for one in texts
    ]
    (folder / "documents.jsonl").write_text("\n".join(rows) + "\n", "utf-8")
    labels = [
        Label(
            one.document.doc_id,
            digest_of_text(one.document.text),
            *(one.document.language, "quality", "collection", 1),
            value="good" if one.is_wanted else "poor",
            lines=(),
        )
        for one in texts
    ]
    (folder / "labels.jsonl").write_bytes(to_lines(labels))
    files = ["--labels", folder / "labels.jsonl", "--documents", folder / "documents.jsonl"]
    given = [*files, "--base", folder / "bases" / "quality", "--out", folder / "large", *TRAINING]
    ran = CliRunner().invoke(main, ["train", "quality", *map(str, given)])
    if ran.exit_code:
        raise click.ClickException(ran.output[-2000:])
    return folder / "large"


def teach(
    folder: Path, large: Path, texts: Sequence[Text], threshold: float
) -> tuple[Path, dict[str, list[Bin]]]:
    """An embedded model that has learnt from the checkpoint; by language what tells its bands."""
    task, stage = DISTILLATIONS["quality"], Quality(min_quality=threshold)
    sampled = tuple(SampledText(one.document, None, 1.0) for one in texts)
    chances = task.open(str(large), stage)(sampled)
    made = distil(task, stage, sampled, chances, find_checkpoint(str(large)).digest)
    small = folder / "small"
    small.mkdir()
    made.taught.write(small, {})
    made.calibration.write(small)
    pair = task.decide(made.taught.chances, chances, stage)
    languages = np.array([one.document.language for one in texts])
    rows = {"": np.ones(len(texts), bool)}
    rows |= {language: languages == language for language in sorted(set(languages.tolist()))}
    bins = {
        language: bins_of(pair.score[here], np.ones(here.sum()), pair.differing[here])
        for language, here in rows.items()
    }
    return small, bins


def judge(texts: Sequence[Text], stage: Quality) -> tuple[Sequence[Verdict], float]:
    """The stage's verdicts, and the processor time that they took."""
    judged = stage.open()
    rows = [{"title": "", "text": one.document.text} for one in texts]
    start = process_time()
    return judged(rows), process_time() - start


def drawn(texts: Sequence[Text], count: int) -> list[Text]:
    """So many of them, in an order of the seed's."""
    return [texts[number] for number in np.random.default_rng(1).permutation(len(texts))[:count]]


def in_parts(texts: Sequence[Text]) -> list[list[Text]]:
    """What the checkpoint learns from, what the embedded model does, what figures are of."""
    ends = (np.cumsum(PARTS)[:-1] * len(texts)).astype(int).tolist()
    return [list(texts[start:end]) for start, end in pairwise([0, *ends, len(texts)])]


def measure(data: Path, name: str) -> None:
    """Print the figures of one collection."""
    first, second, third = in_parts(drawn(read(data, name, COLLECTIONS[name]), MAX_TEXTS))
    with tempfile.TemporaryDirectory() as scratch:
        large = train(Path(scratch), first)
        small, _ = teach(Path(scratch), large, second, THRESHOLD)
        given = {"model": str(large), "min_quality": THRESHOLD}
        alone, seconds = judge(third, Quality(**given))  # type: ignore[arg-type]
        embedded, _ = judge(third, Quality(weights=str(small), min_quality=THRESHOLD))
        click.echo(f"\n{name}: {len(third):,} texts")
        _say("the checkpoint", alone, third, alone)
        _say("the embedded model", embedded, third, alone)
        click.echo("| max_sent_ratio | sent on | agreement | ROC AUC of the labels |")
        click.echo("|---|---|---|---|")
        for ratio in SHARES:
            cascade = Cascade(max_sent_ratio=ratio)
            found, _ = judge(third, Quality(weights=str(small), cascade=cascade, **given))  # type: ignore[arg-type]
            sent = np.mean([one.columns["quality_judged_by"] == "checkpoint" for one in found])
            same, auc = figures(found, third, alone)
            click.echo(f"| {ratio} | {sent:.3f} | {same:.4f} | {auc} |")
        click.echo(f"the checkpoint alone: {1000 * seconds / len(third):.2f} ms a text")


def figures(
    found: Sequence[Verdict], texts: Sequence[Text], alone: Sequence[Verdict]
) -> tuple[float, float | None]:
    """How often verdicts are those of the checkpoint alone, and how they tell the labels."""
    pairs = zip(found, alone, strict=True)
    same = float(np.mean([one.decision == other.decision for one, other in pairs]))
    return same, roc_auc([one.is_wanted for one in texts], [v.columns["quality"] for v in found])


def compare_bands(data: Path) -> None:
    """Print what one band for all texts, and one for each language, send on and leave."""
    texts = [
        one
        for name, of in COLLECTIONS.items()
        for one in drawn(read(data, name, of), MAX_TEXTS // 2)
    ]
    first, second, third = in_parts(drawn(texts, MAX_TEXTS))
    with tempfile.TemporaryDirectory() as scratch:
        large = train(Path(scratch), first)
        small, bins = teach(Path(scratch), large, second, THRESHOLD)
        alone, _ = judge(third, Quality(model=str(large), min_quality=THRESHOLD))
        embedded, _ = judge(third, Quality(weights=str(small), min_quality=THRESHOLD))
    scores = np.array([one.columns["quality"] for one in embedded])
    pairs = zip(embedded, alone, strict=True)
    same = np.array([one.decision == other.decision for one, other in pairs])
    languages = np.array([one.document.language for one in third])
    names = [name for name in bins if name]
    click.echo(f"\nboth: {len(third):,} texts, agreement of the embedded model {same.mean():.4f}")
    click.echo(f"| max_sent_ratio | bands | sent on | agreement | {' | '.join(names)} |")
    click.echo(f"|{'---|' * (4 + len(names))}")
    for ratio in SHARES:
        for what, of in (("one", dict.fromkeys(names, bins[""])), ("by language", bins)):
            sent = np.zeros(len(third), bool)
            for name in names:
                here = languages == name
                sent[here] = sends(best_band(of[name], THRESHOLD, ratio), scores[here])
            shown = [
                f"{sent[here].mean():.3f}, {(sent | same)[here].mean():.4f}"
                for here in (languages == name for name in names)
            ]
            whole = f"{sent.mean():.3f} | {(sent | same).mean():.4f}"
            click.echo(f"| {ratio} | {what} | {whole} | {' | '.join(shown)} |")


def _say(
    what: str, found: Sequence[Verdict], texts: Sequence[Text], alone: Sequence[Verdict]
) -> None:
    same, auc = figures(found, texts, alone)
    click.echo(f"{what}: agreement {same:.4f}, ROC AUC of the labels {auc}")


@click.command()
@click.argument("data", type=click.Path(path_type=Path, exists=True, file_okay=False))
@click.argument("names", nargs=-1, type=click.Choice([*COLLECTIONS, BOTH]))
def run(data: Path, names: Sequence[str]) -> None:
    """Print the figures of collections in DATA, all of them unless some are named."""
    for name in names or [*COLLECTIONS, BOTH]:
        if name == BOTH:
            compare_bands(data)
        else:
            measure(data, name)


if __name__ == "__main__":
    run()
