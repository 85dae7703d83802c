"""How often the published thresholds decide as datatrove 0.10.1 does, and every case where not.

    python benchmarks/rules_agreement.py [DATA]

DATA holds ``ref_decisions/datatrove_0.10.1.jsonl.gz``: texts with the decisions of its filters.
Prints the agreement on English texts of decision and reason, and one line for each disagreement
with both reasons and our measure of the rule that decided there.
"""

from __future__ import annotations

import gzip
import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

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
    with gzip.open(data / "ref_decisions" / "datatrove_0.10.1.jsonl.gz", "rt", "utf-8") as lines:
        yield from (row for row in map(json.loads, lines) if row["lang"] == language)


def decide(rules: RuleSet, measures: Measures) -> str:
    """``keep``, or the key of the first threshold that is broken."""
    failure = rules.first_failure(measures)
    return failure[0].key if failure else "keep"


def compare(data: Path) -> dict[str, tuple[int, list[str]]]:
    """For each filter: how many texts agree, and a line for each that does not."""
    rules = load_rules("rules/papers", "en")
    found: dict[str, tuple[int, list[str]]] = {name: (0, []) for name in FILTERS}
    for row in documents(data, "en"):
        measures = measure(row["text"], "en", rules.lexicon, url="", title="")
        for name, family in FILTERS.items():
            theirs = DATATROVE.get(row["decisions"][name], "keep")
            ours = decide(rules.only([family]), measures)
            agreed, lines = found[name]
            if ours != theirs:
                key = theirs if theirs != "keep" else ours
                value = getattr(measures, key[4:])
                lines.append(
                    f"{row['id']}: theirs {theirs}, ours {ours}; our {key[4:]} {value:.4g}"
                )
            found[name] = (agreed + (ours == theirs), lines)
    return found


def main() -> None:
    data = Path(sys.argv[1]) if len(sys.argv) > 1 else DATA
    for name, (agreed, lines) in compare(data).items():
        total = agreed + len(lines)
        print(f"{name}: {agreed} of {total} agree, {agreed / total:.2%}")
        print(*lines, sep="\n")


if __name__ == "__main__":
    main()
