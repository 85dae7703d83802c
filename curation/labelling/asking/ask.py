"""Put questions to an endpoint, some at a time, and write every answer down as it comes."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from contextlib import suppress
from dataclasses import dataclass, field

from curation.errors import UsageError
from curation.labelling.asking.account import AnswerFiles, Asked, open_answers, read_before
from curation.labelling.asking.budget import Budget
from curation.labelling.asking.endpoint import Endpoint, NoAnswerError, RefusedError, Usage
from curation.labelling.asking.prompts import ForeignAnswerError, Prompt, correction
from curation.labelling.questions import Question
from curation.labelling.records import Label

MAX_SILENT = 10
"""After so many questions in a row without any answer nothing more is asked."""


@dataclass(frozen=True)
class Asker:
    """What asks one question. ``max_answers`` is how often a foreign answer may come."""

    endpoint: Endpoint
    prompt: Prompt
    budget: Budget
    pass_number: int = 1
    max_answers: int = 3

    def most(self, question: Question) -> float:
        """The most that a question can cost."""
        messages = self.prompt.messages(question)
        tokens = self.endpoint.max_tokens
        return self.budget.prices.most(messages, self.max_answers, tokens)

    def ask(self, question: Question) -> tuple[Asked, Label | None]:
        """What became of a question, and the label if it gave one.

        Raises UsageError where the endpoint would answer no question, or cannot be paid by tokens.
        """
        messages, usages, fault, is_final = self.prompt.messages(question), list[Usage](), "", True
        blank, label = question.label(self.endpoint.model, self.pass_number), None
        while label is None and len(usages) < self.max_answers:
            try:
                completion = self.endpoint.complete(messages)
            except (NoAnswerError, RefusedError) as error:
                fault, is_final = str(error), isinstance(error, RefusedError)
                break
            usages.append(self._checked(completion.usage))
            try:
                label = self.prompt.answer(question, completion.content, blank)
            except ForeignAnswerError as error:
                fault = f"answered {completion.content[:200]!r}"
                messages = [*messages, *correction(completion.content, error)]
        asked = Asked(
            question.task,
            question.doc_id,
            question.text_digest,
            self.endpoint.model,
            self.pass_number,
            answers=len(usages),
            prompt_tokens=sum(usage.prompt_tokens for usage in usages),
            completion_tokens=sum(usage.completion_tokens for usage in usages),
            cost=sum(map(self.budget.prices.cost, usages)),
            fault="" if label else fault,
            is_final=is_final,
        )
        return asked, label

    def _checked(self, usage: Usage | None) -> Usage:
        if usage is None and self.budget.is_limited:
            raise UsageError("the endpoint does not say what it used: --max-cost cannot be kept")
        return usage or Usage()


@dataclass
class Progress:
    """How far the asking of some questions has come; ``spent`` counts former starts too.

    ``before`` had an answer already, or had failed; ``unanswered`` got none and are asked again at
    the next start; ``left`` were not asked because of the limit on cost.
    """

    total: int
    before: int = 0
    answered: int = 0
    failed: int = 0
    unanswered: int = 0
    left: int = 0
    prompt_tokens: int = 0
    completion_tokens: int = 0
    spent: float = 0.0
    faults: list[str] = field(default_factory=list)

    @property
    def done(self) -> int:
        """The questions that need not be asked any more."""
        return self.before + self.answered + self.failed

    def count(self, asked: Asked) -> None:
        """Count one more question."""
        self.prompt_tokens += asked.prompt_tokens
        self.completion_tokens += asked.completion_tokens
        if not asked.fault:
            self.answered += 1
            return
        self.failed += asked.is_final
        self.unanswered += not asked.is_final
        self.faults.append(f"document {asked.doc_id}: {asked.fault}")


def ask_all(
    questions: Sequence[Question],
    asker: Asker,
    out: str,
    *,
    concurrency: int,
    retry_failed: bool = False,
    watch: Callable[[Progress], None] = lambda _: None,
) -> Progress:
    """Ask all that has no answer yet in ``out``, at most ``concurrency`` at a time.

    What is under way when something ends the asking (an error, an interrupt) is waited for and
    written down: it has been paid for.
    """
    with open_answers(out) as files:
        task = questions[0].task
        before = read_before(out, task, asker.endpoint.model, asker.pass_number)
        asker.budget.spent = before.spent
        skipped = before.answered if retry_failed else before.answered | before.failed
        each = {(one.doc_id, one.text_digest): one for one in questions}
        todo = [one for key, one in each.items() if key not in skipped]
        progress = Progress(len(questions), before=len(questions) - len(todo))
        _Work(asker, files, progress, watch).run(iter(todo), concurrency)
        progress.left = len(todo) - progress.answered - progress.failed - progress.unanswered
        progress.spent = asker.budget.spent
        return progress


@dataclass
class _Work:
    """Questions under way; only the thread that runs this writes and counts."""

    asker: Asker
    files: AnswerFiles
    progress: Progress
    watch: Callable[[Progress], None]
    under_way: dict[Future[tuple[Asked, Label | None]], float] = field(default_factory=dict)
    silent: int = 0

    def run(self, todo: Iterator[Question], concurrency: int) -> None:
        """Ask until nothing is left, or no more may be spent."""
        with ThreadPoolExecutor(concurrency) as pool:
            try:
                is_open = True
                while is_open or self.under_way:
                    while is_open and len(self.under_way) < concurrency:
                        is_open = self._start(pool, next(todo, None))
                    self._take_some()
            finally:
                self._drain()

    def _start(self, pool: ThreadPoolExecutor, question: Question | None) -> bool:
        """Whether there was a question that may be paid for; it is under way then."""
        if question is None:
            return False
        most = self.asker.most(question)
        if not self.asker.budget.reserve(most):
            return False
        self.under_way[pool.submit(self.asker.ask, question)] = most
        return True

    def _take_some(self) -> None:
        done, _ = wait(self.under_way, return_when=FIRST_COMPLETED)
        for future in done:
            self._write(future)
        if self.silent >= MAX_SILENT:
            raise UsageError(
                f"--endpoint {self.asker.endpoint.address}: {self.silent} questions in a row got "
                f"no answer; {self.progress.faults[-1]}"
            )

    def _write(self, future: Future[tuple[Asked, Label | None]]) -> None:
        most = self.under_way.pop(future)
        asked, label = future.result()
        self.asker.budget.settle(most, asked.cost)
        self.files.add(asked, label)
        self.progress.count(asked)
        self.silent = 0 if asked.answers else self.silent + 1
        self.watch(self.progress)

    def _drain(self) -> None:
        """Write down what is still under way, after whatever ended the asking."""
        for future in list(self.under_way):
            with suppress(UsageError):
                self._write(future)
