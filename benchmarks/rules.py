"""False drops of the rules on good text and drops on bad text, by language, set and rule.

    python -m benchmarks.rules [DATA] [--show N] [--held-out] [--written FOLDER]

Prints Markdown tables. Of the written texts, good ones and those in ``poor``, those with an odd
number are judged; with ``--held-out`` the others alone, which no threshold was set on. ``--show N``
adds N wrongly judged texts of each set with the deciding rule.
"""

from __future__ import annotations

import argparse
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from benchmarks.rules_texts import Sample, bad, good, spam, written
from curation.training.written_texts import KINDS
from stages.rules.judgement import RuleVerdict, judge_with
from stages.rules.ruleset import load_rules

DATA = Path(__file__).resolve().parents[2] / "shared" / "data"


@dataclass(frozen=True)
class Result:
    """The verdicts on one set, with every rule that each text breaks."""

    name: str
    samples: Sequence[Sample]
    verdicts: Sequence[RuleVerdict]
    broken: Counter[str]

    @property
    def dropped(self) -> int:
        """How many texts some rule removed."""
        return sum(verdict.reason is not None for verdict in self.verdicts)

    def reasons(self) -> str:
        """The commonest reasons with their counts."""
        counts = Counter(str(v.reason) for v in self.verdicts if v.reason)
        return ", ".join(f"{reason} {count}" for reason, count in counts.most_common(6))


def judge_set(folder: str, language: str, name: str, samples: Sequence[Sample]) -> Result:
    rules = load_rules(folder, language)
    verdicts = [judge_with(rules, s.text, url=s.url, title=s.title) for s in samples]
    broken = Counter(rule.key for v in verdicts for rule in rules.failures(v.measures))
    return Result(name, samples, verdicts, broken)


def table(title: str, results: Sequence[Result]) -> None:
    print(f"\n{title}\n\n| set | texts | dropped | share | deciding rules |\n|---|---|---|---|---|")
    total = sum(len(result.samples) for result in results)
    dropped = sum(result.dropped for result in results)
    for r in results:
        share = r.dropped / len(r.samples)
        print(f"| {r.name} | {len(r.samples)} | {r.dropped} | {share:.1%} | {r.reasons()} |")
    print(f"| all | {total} | {dropped} | {dropped / max(1, total):.1%} | |")


def by_rule(language: str, results: Sequence[Result]) -> None:
    total = sum(len(result.samples) for result in results)
    print(f"\n{language}: rules that good text breaks, alone or with others\n")
    print("| threshold | texts | share |\n|---|---|---|")
    for key, count in sum((result.broken for result in results), Counter[str]()).most_common():
        print(f"| {key} | {count} | {count / total:.2%} |")


def show(result: Result, count: int, *, dropped: bool) -> None:
    wrong = [
        (sample, verdict)
        for sample, verdict in zip(result.samples, result.verdicts, strict=True)
        if (verdict.reason is not None) is dropped
    ]
    for sample, verdict in wrong[:count]:
        print(
            f"--- {result.name} {sample.name} {sample.url} {verdict.detail}\n{sample.text[:300]!r}"
        )


def sets_of(
    options: argparse.Namespace, language: str
) -> tuple[dict[str, list[Sample]], dict[str, list[Sample]]]:
    """The good and the bad sets."""
    folder = options.written / language
    good_sets = written(folder, language, is_held_out=options.held_out)
    bad_sets = written(folder / "poor", language, is_held_out=options.held_out)
    if options.held_out:
        return good_sets, bad_sets
    if language == "zh":
        bad_sets["crawl head"] = list(spam(options.data))
    return good(options.data, language) | good_sets, bad(options.data, language) | bad_sets


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("data", nargs="?", type=Path, default=DATA)
    parser.add_argument("--show", type=int, default=0)
    parser.add_argument("--rules", default="rules")
    parser.add_argument("--held-out", action="store_true")
    parser.add_argument("--written", type=Path, default=KINDS)
    options = parser.parse_args()
    for language in ("en", "zh"):
        good_sets, bad_sets = sets_of(options, language)
        judged = [judge_set(options.rules, language, *pair) for pair in good_sets.items()]
        spoiled = [judge_set(options.rules, language, *pair) for pair in bad_sets.items()]
        table(f"{language}: good text", judged)
        by_rule(language, judged)
        table(f"{language}: bad text", spoiled)
        for results, dropped in ((judged, True), (spoiled, False)):
            for result in results:
                show(result, options.show, dropped=dropped)


if __name__ == "__main__":
    main()
