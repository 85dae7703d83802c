"""Labels joined to the documents that they are of."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from curation.errors import UsageError
from curation.finetuning.documents import Document
from curation.finetuning.tasks import TASKS, Task
from curation.labelling.records import Label, digest_of_line, digest_of_text
from curation.labelling.tasks import CLUTTER, MAIN
from models.clutter import judged_lines
from models.finetuning.examples import Example, Head, Reads

MIN_LABELS = 2


@dataclass(frozen=True)
class Account:
    """What became of the labels of a task.

    ``values`` counts documents (of lines: lines) by value, ``annotators`` labels by who gave them.
    ``missing`` are documents that were not found, ``changed`` those of another text than was
    judged, ``disputed`` those that no value was given most often, which are not learnt from.
    """

    labels: int
    missing: int
    changed: int
    disputed: int
    values: Mapping[str, int]
    annotators: Mapping[str, int]


@dataclass(frozen=True)
class Joined:
    """Examples of all tasks, the heads for them, and an account by task."""

    examples: tuple[Example, ...]
    heads: tuple[Head, ...]
    accounts: Mapping[str, Account]

    @property
    def digest(self) -> str:
        """A hash of all that is learnt from."""
        found = hashlib.blake2b(repr(self.heads).encode(), digest_size=16)
        for example in self.examples:
            found.update(repr(example).encode("utf-8", "surrogatepass"))
        return found.hexdigest()


@dataclass
class _Found:
    """What is known of one document while labels are joined to it."""

    document: Document
    answers: dict[str, str] = field(default_factory=dict)
    lines: dict[str, Mapping[str, str]] = field(default_factory=dict)


def join(documents: Iterable[Document], labels: Mapping[str, Sequence[Label]]) -> Joined:
    """The examples that labels by task make of documents, in order of their ids.

    A label is of the document of its id whose text has its digest. Raises UsageError for a value
    that the task does not know, for labels none of which has its document, and where a task has
    examples of one value alone.
    """
    for task, own in labels.items():
        _refuse_foreign(TASKS[task], own)
    wanted = {(one.doc_id, one.text_digest) for own in labels.values() for one in own}
    names = {name for name, _ in wanted}
    seen: set[str] = set()
    found: dict[tuple[str, str], _Found] = {}
    for document in documents:
        if document.doc_id in names:
            seen.add(document.doc_id)
            key = (document.doc_id, digest_of_text(document.text))
            if key in wanted:
                found.setdefault(key, _Found(document))
    accounts = {task: _answer(TASKS[task], own, found, seen) for task, own in labels.items()}
    heads = tuple(_head(TASKS[task], account) for task, account in accounts.items())
    answered = [one for _, one in sorted(found.items()) if one.answers or one.lines]
    return Joined(tuple(_example(one, heads) for one in answered), heads, accounts)


def _refuse_foreign(task: Task, labels: Sequence[Label]) -> None:
    known = set(task.values())
    for label in labels:
        if task.reads is Reads.LINES:
            if not label.lines:
                raise UsageError(f"labels of {task.name}: {label.doc_id} has no lines, but a value")
        elif label.value not in known:
            some = ", ".join(list(task.values())[:12])
            raise UsageError(
                f"labels of {task.name}: {label.doc_id} has {label.value!r}, which is none of its "
                f"values ({some}{', …' if len(known) > 12 else ''})"  # noqa: PLR2004
            )


def _answer(
    task: Task,
    labels: Sequence[Label],
    found: Mapping[tuple[str, str], _Found],
    seen: set[str],
) -> Account:
    """Give each document its answer; labels of one that disagree give none."""
    if not labels:
        raise UsageError(f"no labels of {task.name} in the files that --labels names")
    given: dict[tuple[str, str], list[Label]] = {}
    for label in labels:
        given.setdefault((label.doc_id, label.text_digest), []).append(label)
    disputed = 0
    values: Counter[str] = Counter()
    for key, own in given.items():
        one = found.get(key)
        if one is None:
            continue
        if task.reads is Reads.LINES:
            agreed = _agreed_lines(own)
            disputed += not agreed
            if agreed:
                one.lines[task.name] = agreed
            values.update(agreed.values())
        elif value := majority([label.value for label in own]):
            one.answers[task.name] = value
            values[value] += 1
        else:
            disputed += 1
    missing = len({name for name, _ in given} - seen)
    changed = sum(name in seen and (name, digest) not in found for name, digest in given)
    if len(values) < MIN_LABELS:
        counts = ", ".join(f"{name} {count}" for name, count in values.items()) or "none at all"
        raise UsageError(
            f"labels of {task.name}: {len(given):,} documents are labelled, {missing:,} of them "
            f"are not among the documents, {changed:,} have another text there than was judged, "
            f"{disputed:,} are disputed, and the values of the others are {counts}: at least two "
            "values are needed"
        )
    return Account(
        len(labels),
        missing,
        changed,
        disputed,
        dict(values.most_common()),
        dict(Counter(label.annotator for label in labels).most_common()),
    )


def majority(values: Sequence[str]) -> str:
    """The value that was given most often; "" where there are several such.

    >>> majority(["good", "poor", "good"]), majority(["good", "poor"])
    ('good', '')
    """
    counted = Counter(values).most_common(2)
    return "" if len(counted) > 1 and counted[0][1] == counted[1][1] else counted[0][0]


def _agreed_lines(labels: Sequence[Label]) -> dict[str, str]:
    """By digest of line what most annotators called it."""
    given: dict[str, list[str]] = {}
    for label in labels:
        for line, is_main in label.lines:
            given.setdefault(line, []).append(MAIN if is_main else CLUTTER)
    agreed = {line: majority(values) for line, values in given.items()}
    return {line: value for line, value in agreed.items() if value}


def _head(task: Task, account: Account) -> Head:
    labels = tuple(value for value in task.values() if account.values.get(value))
    missing = [value for value in task.wanted if value not in labels]
    if len(missing) == len(task.wanted) and task.wanted:
        raise UsageError(
            f"labels of {task.name}: none is {' or '.join(task.wanted)}, which the stage keeps by"
        )
    return Head(task.name, labels, task.reads)


def _example(found: _Found, heads: Sequence[Head]) -> Example:
    document = found.document
    lines = tuple(judged_lines(document.text))
    numbers = {head.task: {value: n for n, value in enumerate(head.labels)} for head in heads}
    return Example(
        document.doc_id,
        document.held_out_with,
        document.language,
        document.title,
        TASKS[heads[0].task].text_of(document.title, document.text),
        lines,
        {task: numbers[task][value] for task, value in found.answers.items()},
        {
            task: tuple(numbers[task].get(own.get(digest_of_line(line), "")) for line in lines)
            for task, own in found.lines.items()
        },
    )
