"""Tables of how tools did: all measures, and F1 and precision by kind, type, site and age."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from statistics import fmean

from benchmarks.extraction_results import PageResult
from benchmarks.extraction_texts import BlockKind

SHARES = ("f1", "precision", "recall", "rouge_l", "wanted", "unwanted")
BY_GROUP = ("f1", "precision")
LOW = 0.5
MIN_PAGES_OF_SITE = 3

GROUPS: Mapping[str, Callable[[PageResult], str]] = {
    "kind": lambda page: page.kind,
    "type": lambda page: page.page_type,
    "age": lambda page: page.age,
    "site": lambda page: page.site,
}


def print_report(results: Sequence[PageResult], groups: Iterable[str]) -> None:
    """Print all tables, for each language those of pages held out beside the others."""
    parts: dict[tuple[str, bool], list[PageResult]] = defaultdict(list)
    for page in results:
        parts[page.language, page.is_held_out].append(page)
    for (language, is_held_out), pages in sorted(parts.items()):
        part = "held out" if is_held_out else "not held out"
        print(f"\n{language}, {part}: {len(pages)} pages of {len({p.site for p in pages})} sites\n")
        print("\n".join(measure_table(pages)))
        if lines := confidence_table(pages):
            print("\n" + "\n".join(lines))
        for group in groups:
            for name in BY_GROUP:
                print("\n" + "\n".join(group_table(pages, group, name)))
    print(end="", flush=True)


def measure_table(pages: Sequence[PageResult]) -> list[str]:
    """A row for each tool: means of its measures, low pages, and pages for a processor second.

    A measure is the mean over the pages that have what it measures, the number behind it in the
    head where that is not all of them.
    """
    tools = list(pages[0].tools)
    names = [name for name in _measure_names() if _values(pages, tools[0], name)]
    head = [_head(name, len(_values(pages, tools[0], name)), len(pages)) for name in names]
    columns = ["", *head, f"under {LOW}", "at zero", "pages/s"]
    lines = ["| " + " | ".join(columns) + " |", "|" + "---|" * len(columns)]
    for tool in tools:
        means = [_mean(pages, tool, name) for name in names]
        scores = _values(pages, tool, "f1")
        low, zero = sum(score < LOW for score in scores), sum(score == 0 for score in scores)
        seconds = sum(page.tools[tool].seconds for page in pages)
        rate = f"{len(pages) / seconds:.1f}" if seconds else ""
        lines.append("| " + " | ".join([tool, *means, str(low), str(zero), rate]) + " |")
    return lines


def confidence_table(pages: Sequence[PageResult]) -> list[str]:
    """A row for each tool that says how sure it is; nothing if none does.

    A confidence is taken for the F1 that is expected: its mean beside that of F1, how far it is off
    on average, and F1 on the tenth of the pages that the tool trusts least and on the others.
    """
    rows = []
    for tool in pages[0].tools:
        results = [page.tools[tool] for page in pages]
        sure = sorted(
            (result.confidence, result.measures.f1)
            for result in results
            if result.confidence is not None
        )
        tenth = len(sure) // 10
        if tenth:
            f1 = [found for _, found in sure]
            means = (
                fmean(expected for expected, _ in sure),
                fmean(f1),
                fmean(abs(expected - found) for expected, found in sure),
                fmean(f1[:tenth]),
                fmean(f1[tenth:]),
            )
            rows.append(f"| {tool} | " + " | ".join(f"{mean:.3f}" for mean in means) + " |")
    head = "| | confidence | f1 | off by | f1 of the least trusted tenth | of the others |"
    return [head, "|---|---|---|---|---|---|", *rows] if rows else []


def group_table(pages: Sequence[PageResult], group: str, name: str = "f1") -> list[str]:
    """A row for each kind, type, site or age: the mean of a measure for each tool.

    Sites with less than three pages share a row.
    """
    grouped: dict[str, list[PageResult]] = defaultdict(list)
    for page in pages:
        grouped[GROUPS[group](page)].append(page)
    if group == "site":
        few = [one for one, those in grouped.items() if len(those) < MIN_PAGES_OF_SITE]
        rest = [page for one in few for page in grouped.pop(one)]
        grouped |= {f"{len(few)} others": rest} if rest else {}
    tools = list(pages[0].tools)
    lines = [
        f"| {group}, {name} | pages | " + " | ".join(tools) + " |",
        "|---|---|" + "---|" * len(tools),
    ]
    for value, those in sorted(grouped.items(), key=lambda one: (-len(one[1]), one[0])):
        means = [_mean(those, tool, name) for tool in tools]
        lines.append(f"| {value or 'unknown'} | {len(those)} | " + " | ".join(means) + " |")
    return lines


def print_worst(results: Sequence[PageResult], count: int) -> None:
    """List the pages of each language on which the first tool scores lowest; none held out."""
    for language in sorted({page.language for page in results}):
        here = [page for page in results if page.language == language and not page.is_held_out]
        here.sort(key=_first_f1)
        for page in here[:count]:
            found = next(iter(page.tools.values())).measures
            parts = f"precision {found.precision:.2f}, recall {found.recall:.2f}"
            print(f"{found.f1:.3f} {page.id} {page.kind} {page.site} ({parts})")


def _first_f1(page: PageResult) -> float:
    return next(iter(page.tools.values())).measures.f1


def _measure_names() -> list[str]:
    return [*SHARES, *(f"{what} {kind}" for what in ("kept", "leaked") for kind in BlockKind)]


def _values(pages: Iterable[PageResult], tool: str, name: str) -> list[float]:
    return [value for page in pages if (value := page.value(tool, name)) is not None]


def _mean(pages: Iterable[PageResult], tool: str, name: str) -> str:
    values = _values(pages, tool, name)
    return f"{fmean(values):.3f}" if values else ""


def _head(name: str, count: int, pages: int) -> str:
    return name.replace("_", " ") + ("" if count == pages else f" ({count})")
