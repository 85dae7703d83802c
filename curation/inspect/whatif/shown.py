"""The outlook of a change on a terminal."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from rich.console import Console
from rich.table import Table

from curation.inspect.group_table import fill_groups
from curation.inspect.printable import printable, printable_lines, say
from curation.inspect.whatif.outlook import Outlook, SideCount
from curation.inspect.whatif.sides import Side


def show_outlook(outlook: Outlook, out: Console, *, top: int) -> None:
    """Print it: counts, groups, what later stages did or may do, documents of each side."""
    for line in _heads(outlook):
        _print(out, line)
    for side, count in outlook.sides.items():
        if count.documents:
            _show_side(outlook, side, count, out, top)
    for line in _limits_of_knowledge(outlook):
        _print(out, line)


def _heads(outlook: Outlook) -> Iterator[str]:
    name = outlook.change.stage.name
    yield f"{name} with {', '.join(outlook.change.asked)}"
    yield (
        f"{outlook.judged:,} documents came to it, {outlook.passed:,} passed; "
        f"{outlook.would_pass:,} would pass"
    )
    if not any(count.documents for count in outlook.sides.values()):
        yield "no document would change"


def _show_side(outlook: Outlook, side: Side, count: SideCount, out: Console, top: int) -> None:
    estimated = "about " if count.estimated_tokens else ""
    rows = f", {count.rows:+,} rows" if count.rows and not outlook.later_stages else ""
    tokens = f", {estimated}{count.tokens:,.0f} tokens" if count.rows else ""
    _print(
        out,
        f"\n{side}: {count.documents:,} documents, {count.characters:,} characters{rows}{tokens}",
    )
    if side in (Side.LEAVES, Side.REASON):
        _print(out, f"  reasons: {_most(count.reasons, top)}")
    elif side is Side.RETURNS:
        _print(out, f"  had left for: {_most(count.reasons, top)}")
    for line in _later(outlook, side, count, top):
        _print(out, f"  {line}")
    out.print(_group_table(outlook, side, count, top))
    for example in outlook.examples[side]:
        _print(out, f"  {example.url or '(no URL)'}  {example.doc_id}")
        _print(out, f"      {example.why}")
        _print(out, f"      {example.snippet}")


def _group_table(outlook: Outlook, side: Side, count: SideCount, top: int) -> Table:
    """The documents of a side by language, site and category, the most first."""
    table = Table(box=None, pad_edge=False)
    groups = dict(count.groups)
    if side is Side.LEAVES and outlook.fates.categories:
        groups["category"] = outlook.fates.categories
    return fill_groups(table, groups, top)


def _later(outlook: Outlook, side: Side, count: SideCount, top: int) -> Iterator[str]:
    """What became of those that would leave; what may become of those that would come back."""
    if not outlook.later_stages:
        return
    if side is Side.LEAVES:
        fates = outlook.fates
        left = Counter({f"{stage} ({reason})": n for (stage, reason), n in fates.left.items()})
        yield (
            f"of these {fates.kept:,} are kept to the end now ({fates.rows:,} rows, "
            f"{fates.tokens:,} tokens); {left.total():,} leave later anyway"
            + (f": {_most(left, top)}" if left else "")
        )
    elif side is Side.RETURNS:
        yield (
            f"of these about {outlook.estimate:,.0f} of {count.documents:,} may be kept to the end:"
            " an estimate, at the rate of those of their language that passed; no later stage has "
            f"judged any ({', '.join(outlook.later_stages)})"
        )


def _limits_of_knowledge(outlook: Outlook) -> Iterator[str]:
    yield ""
    if outlook.unknown:
        yield (
            f"not known of {outlook.unknown:,} documents: what is stored does not tell what "
            f"{outlook.change.stage.name} would decide"
        )
    if outlook.caveat:
        yield f"note: {outlook.caveat}"
    if outlook.unlike:
        yield (
            f"warning: by what is stored {outlook.unlike:,} of {outlook.judged:,} verdicts are "
            "others than they were: the files that the stage reads have changed since the run"
        )
    if any(count.estimated_tokens for count in outlook.sides.values()):
        yield "tokens are estimated from characters, at the rate of the documents that are kept"
    if outlook.later_stages:
        yield (
            "stages that compare documents, and balance, would see other ones: what that changes "
            "is not known"
        )


def _most(counts: Counter[str], top: int) -> str:
    shown = ", ".join(f"{name or '(none)'} {n:,}" for name, n in counts.most_common(top))
    return shown + (", …" if len(counts) > top else "")


def _print(out: Console, line: str) -> None:
    say(out, printable_lines(line) if line.startswith("\n") else printable(line))
