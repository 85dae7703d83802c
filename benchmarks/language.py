"""How much of a text language identification must see: rightness against cost.

    python -m benchmarks.language DATA

DATA holds ``corpus``, ``ref_decisions`` and ``lid`` (the folder of real pages). Right is: the label
that the source states, at 0.65 or more; for the declaration of human rights in other languages:
neither Chinese nor English. The help pages are partly untranslated, so that theirs is only shown.
Half-translated texts are web texts with a quarter or three quarters of their lines put into another
language: right is the language of most lines, and neither if that is another. English web texts are
also read in capitals, all of each or its first half.
"""

import gzip
import json
import random
import re
import sys
import time
import zipfile
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from benchmarks.multilingual import read_declarations
from models import language

Row = tuple[str, str, str]
MIN_CONFIDENCE = 0.65
URL = re.compile(r"https?://\S+|www\.\S+")
OURS = {"eng.txt": "en", "cmn_hans.txt": "zh", "cmn_hant.txt": "zh"}


def texts(data: Path) -> Iterator[Row]:
    """Source, language ("-" for neither) and text."""
    with gzip.open(data / "corpus" / "lctt_zh_sample.jsonl.gz", "rt", encoding="utf-8") as rows:
        yield from (("zh articles with code", "zh", json.loads(row)["text"]) for row in rows)
    decisions = data / "ref_decisions" / "datatrove_0.10.1.jsonl.gz"
    with gzip.open(decisions, "rt", encoding="utf-8") as rows:
        for document in map(json.loads, rows):
            yield f"{document['lang']} web texts", document["lang"], document["text"]
    with zipfile.ZipFile(data / "lid" / "udhr2.zip") as declarations:
        for name in declarations.namelist():
            if name.endswith(".txt"):
                text = declarations.read(name).decode("utf-8", "ignore")
                yield "declaration", OURS.get(Path(name).name, "-"), text
    for folder, truth in (("en-us", "en"), ("zh-cn", "zh"), ("zh-tw", "zh")):
        for path in sorted((data / "lid" / f"libreoffice-{folder}").iterdir()):
            page = re.sub(r"(?s)<(script|style).*?</\1>", " ", path.read_text(encoding="utf-8"))
            yield f"help {folder}", truth, re.sub(r"<[^>]+>", " ", page)


def half_translated(rows: Sequence[Row], data: Path) -> Iterator[Row]:
    """Longer web texts in two mixtures with the declaration of human rights in other languages."""
    pick = random.Random(0)
    others = list(read_declarations(data).values())
    long = [row for row in rows if "web" in row[0] and len(row[2]) >= 1500]
    for number, (_, truth, text) in enumerate(long):
        other = others[number % len(others)]
        lines = [line for line in text.splitlines() if line.strip()]
        for share, right in ((0.25, truth), (0.75, "-")):
            mixed = [_other(line, other, pick) if pick.random() < share else line for line in lines]
            yield f"{truth}, {share:.0%} other", right, "\n".join(mixed)


def in_capitals(rows: Sequence[Row]) -> Iterator[Row]:
    """The English web texts in capitals, and their first halves."""
    for source, truth, text in rows:
        if source == "en web texts":
            half = len(text) // 2
            yield "en, capitals", truth, text.upper()
            yield "en, half capitals", truth, text[:half].upper() + text[half:]


def _other(line: str, other: str, pick: random.Random) -> str:
    start = pick.randrange(len(other))
    return (other * (len(line) // len(other) + 2))[start : start + len(line)]


def variants(
    identifier: language.LanguageIdentifier,
) -> dict[str, Callable[[str], language.LanguageScore]]:
    """How a text is judged, by what the model is shown of it."""
    shown = {
        name: lambda text, show=show: identifier._score_one(show(text))  # noqa: SLF001
        for name, show in excerpts().items()
    }
    return {**shown, "ours: the same, no code if unsure": lambda text: identifier.score([text])[0]}


def excerpts() -> dict[str, Callable[[str], str]]:
    """What the model is shown, by name."""

    def one_line(text: str) -> str:
        return " ".join(text.encode("utf-8", "ignore").decode().split())

    return {
        "whole text": one_line,
        "whole, no URLs": lambda text: one_line(URL.sub(" ", text)),
        "first 500": lambda text: one_line(text[:500]),
        "first 2,000": lambda text: one_line(text[:2000]),
        "first 2,000, no URLs": lambda text: one_line(URL.sub(" ", text[:2000])),
        "10 x 200, no URLs": lambda text: one_line(URL.sub(" ", slices(text, 10))),
        "first 1,000, no URLs": lambda text: one_line(URL.sub(" ", text[:1000])),
        "first 1,000 and 5 x 200, no URLs": language.excerpt,
    }


def slices(text: str, count: int, chars: int = 200) -> str:
    if len(text) <= count * chars:
        return text
    step = (len(text) - chars) / (count - 1)
    return " ".join(text[int(step * i) :][:chars] for i in range(count))


def main() -> None:
    identifier = language.load()
    data = Path(sys.argv[1])
    rows = list(texts(data))
    rows += [*half_translated(rows, data), *in_capitals(rows)]
    sizes = Counter(source for source, _, _ in rows)
    print(f"{'shown':40}{'us':>6}  right of", ", ".join(f"{s} {n}" for s, n in sizes.items()))
    for name, judge in variants(identifier).items():
        start = time.process_time()
        scores = [judge(text) for _, _, text in rows]
        cost = (time.process_time() - start) / len(rows) * 1e6
        right: Counter[str] = Counter()
        for (source, truth, _), score in zip(rows, scores, strict=True):
            sure = score.language in {"zh", "en"} and score.confidence >= MIN_CONFIDENCE
            right[source] += (score.language if sure else "-") == truth
        print(f"{name:40}{cost:6.0f}  ", "  ".join(f"{right[s]:4}" for s in sizes))


if __name__ == "__main__":
    main()
