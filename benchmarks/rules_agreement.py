"""How often the published thresholds decide as datatrove 0.10.1 does, and every case where not.

    python benchmarks/rules_agreement.py [DATA]

DATA holds ``ref_decisions/datatrove_0.10.1.jsonl.gz``: texts with the decisions of its filters.
Prints the agreement on English texts of decision and reason, and one line for each disagreement.
A disagreement counts as explained only if putting one of the known differences back into our
measures gives datatrove's decision and reason:

- *once*: its most frequent n-gram counts even if it occurs once;
- *blank lines*: lines of white space count as lines, and as repeated lines;
- *case*: its stop words must be in lower case ("The" is none);
- *tokens*: our tokens in place of spaCy's move a measure across its threshold by less than 0.01.
"""

from __future__ import annotations

import gzip
import json
import re
import sys
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from models.text.spaced_words import spaced_tokens
from stages.rules.families import RULES
from stages.rules.lines import count_duplicates
from stages.rules.measures import Measures, measure
from stages.rules.ruleset import RuleSet, load_rules

DATA = Path(__file__).resolve().parents[2] / "shared" / "data"
DATATROVE = {  # datatrove's reason: the key of our threshold
    "dup_para_frac": "max_duplicate_paragraphs_ratio",
    "dup_para_char_frac": "max_duplicate_paragraph_characters_ratio",
    "dup_line_frac": "max_duplicate_lines_ratio",
    "dup_line_char_frac": "max_duplicate_line_characters_ratio",
    **{f"top_{n}_gram": f"max_top_{n}_gram_ratio" for n in (2, 3, 4)},
    **{f"duplicated_{n}_n_grams": f"max_duplicate_{n}_gram_ratio" for n in range(5, 11)},
    "gopher_short_doc": "min_words",
    "gopher_long_doc": "max_words",
    "gopher_below_avg_threshold": "min_mean_word_length",
    "gopher_above_avg_threshold": "max_mean_word_length",
    "gopher_too_many_hashes": "max_hashes_per_token",
    "gopher_too_many_ellipsis": "max_ellipses_per_token",
    "gopher_too_many_bullets": "max_bullet_lines_ratio",
    "gopher_too_many_end_ellipsis": "max_ellipsis_lines_ratio",
    "gopher_below_alpha_threshold": "min_alphabetic_per_token",
    "gopher_enough_stop_words": "min_stop_words",
}
FILTERS = {"gopher_rep": "duplicates", "gopher_qual": "content"}


def documents(data: Path, language: str) -> Iterator[dict[str, Any]]:
    """The reference texts of a language with their decisions."""
    with gzip.open(
        data / "ref_decisions" / "datatrove_0.10.1.jsonl.gz", "rt", encoding="utf-8"
    ) as lines:
        yield from (row for row in map(json.loads, lines) if row["lang"] == language)


def decide(rules: RuleSet, measures: Measures) -> str:
    """``keep``, or the key of the first threshold that is broken."""
    failure = rules.first_failure(measures)
    return failure[0].key if failure else "keep"


def counting_once(text: str, measures: Measures) -> Measures:
    """The measures with n-grams that occur once counted as most frequent ones."""
    tokens, found = spaced_tokens(text), {}
    for n in (2, 3, 4):
        grams = Counter(" ".join(tokens[i : i + n]) for i in range(len(tokens) - n + 1))
        if grams:
            gram, count = grams.most_common(1)[0]
            found[f"top_{n}_gram_ratio"] = len(gram) * count / len(text)
    return replace(measures, **found)


def counting_blank_lines(text: str, measures: Measures) -> Measures:
    """The measures with lines of white space counted."""
    pieces = re.split("\n+", text)
    repeated, characters = count_duplicates(pieces)
    lines = text.splitlines()
    ended = sum(line.rstrip().endswith(("...", "…")) for line in lines)
    return replace(
        measures,
        duplicate_lines_ratio=repeated / len(pieces),
        duplicate_line_characters_ratio=characters / len(text),
        ellipsis_lines_ratio=ended / len(lines),
    )


def minding_case(text: str, measures: Measures) -> Measures:
    """The measures with stop words in lower case only."""
    stop_words = load_rules("rules/papers", "en").lexicon.stop_words
    return replace(measures, stop_words=float(len(stop_words & set(spaced_tokens(text)))))


DIFFERENCES = {
    "once": counting_once,
    "blank lines": counting_blank_lines,
    "case": minding_case,
}


def explain(rules: RuleSet, text: str, measures: Measures, theirs: str) -> str:
    """The known difference that accounts for a disagreement, "" if none does."""
    for name, change in DIFFERENCES.items():
        if decide(rules, change(text, measures)) == theirs:
            return name
    key = decide(rules, measures) if theirs == "keep" else theirs
    thresholds = {rule.key: value for rule, value in rules.thresholds}
    near = abs(getattr(measures, key[4:]) - thresholds[key]) < 0.01
    return "tokens" if near and key in {rule.key for rule in RULES} else ""


def compare(data: Path) -> dict[str, list[tuple[str, str]]]:
    """For each filter, for each text: "" and "" if we agree, else a line and the explanation."""
    rules = load_rules("rules/papers", "en")
    found: dict[str, list[tuple[str, str]]] = {name: [] for name in FILTERS}
    for row in documents(data, "en"):
        measures = measure(row["text"], rules.language, rules.lexicon, url="", title="")
        for name, family in FILTERS.items():
            theirs = DATATROVE.get(row["decisions"][name], "keep")
            some = rules.only([family])
            ours = decide(some, measures)
            if ours == theirs:
                found[name].append(("", ""))
                continue
            cause = explain(some, row["text"], measures, theirs)
            line = f"{row['id']}: theirs {theirs}, ours {ours}; {cause or 'UNEXPLAINED'}"
            found[name].append((line, cause))
    return found


def main() -> None:
    data = Path(sys.argv[1]) if len(sys.argv) > 1 else DATA
    for name, texts in compare(data).items():
        lines = [line for line, _ in texts if line]
        causes = Counter(cause for line, cause in texts if line)
        agreed = len(texts) - len(lines)
        print(f"{name}: {agreed} of {len(texts)} agree, {agreed / len(texts):.2%}")
        print(f"  differ by cause: {dict(causes)}", *lines, sep="\n  ")


if __name__ == "__main__":
    main()
