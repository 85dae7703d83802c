"""What another threshold would do is what it does when the stage is run with it."""

from dataclasses import replace

import pyarrow.parquet as pq
import pytest

from curation.config import PipelineConfig, StepConfig
from curation.inspect.run_files import load_run
from curation.inspect.whatif.changes import read_changes
from curation.inspect.whatif.outlook import look_ahead
from curation.inspect.whatif.sides import Side
from curation.testing.samples import CHINESE, ENGLISH, TEXTS
from schemas.verdict import Decision
from stages.balance import Balance
from stages.category import Category
from stages.fuzzy_dedup import FuzzyDedup
from stages.language import Language
from stages.line_dedup import LineDedup
from stages.quality import Quality
from stages.registry import KNOWN_STAGES
from stages.rules import Rules
from tests.commands import curate, message
from tests.curation.inspect.made_runs import make_run, page
from tests.curation.inspect.stages_of_numbers import Even, Scored
from tests.curation.small_runs import crawl, run

PAGES = [page(n, "x" * (n * 37 % 211)) for n in range(200)]
FIGURES = [f"{ENGLISH[: 40 * n]} {'1984 2001 77 ' * (n * 3 % 11)}" for n in range(1, 9)]
HALVES = [f"{ENGLISH[:n]} {CHINESE[: n // 3]}" for n in range(10, 300, 40)]
REAL = [page(n, text) for n, text in enumerate([*TEXTS.values(), *FIGURES, *HALVES])]


@pytest.fixture(autouse=True)
def known_by_name(monkeypatch):
    """The stages of these tests are found by the names that runs record."""
    found = KNOWN_STAGES.find
    ours = {stage.name: stage for stage in (Scored, Even)}
    monkeypatch.setattr(type(KNOWN_STAGES), "find", lambda _, name: ours.get(name) or found(name))


def judged_steps(folder):
    return [step for step in load_run(str(folder)) if step.manifest.stages]


def outlook_of(folder, *changes, samples=2):
    steps = judged_steps(folder)
    return look_ahead(steps, read_changes(steps, changes), samples=samples, seed=0)


def verdicts(folder, stage):
    """What a stage decided of each document that came to it: reason ("" if it passed), copies."""
    found = {}
    for step in judged_steps(folder):
        names = [one.name for one in step.manifest.stages]
        if stage not in names:
            continue
        passed = names[names.index(stage) + 1 :]
        for decision in Decision:
            for _, file in step.manifest.files(decision):
                table = pq.read_table(f"{step.folder}/{file.name}", partitioning=None)
                for row in table.to_pylist():
                    if decision is Decision.KEEP or row["stage"] in passed:
                        found[row["doc_id"]] = "", row.get("copies") or 1
                    elif row["stage"] == stage:
                        found[row["doc_id"]] = row["reason"], 0
    return found


def check_against_rerun(before, after, stage, *changes):
    """Hold an outlook on one run against the run that was made with the change."""
    was, now = verdicts(before, stage), verdicts(after, stage)
    assert was.keys() == now.keys()
    outlook = outlook_of(before, *changes)
    sides = {side: count.documents for side, count in outlook.sides.items()}
    pairs = [(was[one][0], now[one][0]) for one in was]
    assert sides[Side.LEAVES] == sum(not a and bool(b) for a, b in pairs)
    assert sides[Side.RETURNS] == sum(bool(a) and not b for a, b in pairs)
    assert sides[Side.REASON] == sum(bool(a) and bool(b) and a != b for a, b in pairs)
    assert outlook.would_pass == sum(not b for _, b in pairs)
    rows = sum(count.rows for count in outlook.sides.values())
    assert rows == sum(n for _, n in now.values()) - sum(n for _, n in was.values())
    assert (outlook.unknown, outlook.unlike) == (0, 0)
    return sides


@pytest.mark.slow
@pytest.mark.parametrize("limit", [0.0, 0.1, 0.3, 0.31, 0.7])
def test_a_threshold_of_a_score_does_what_it_is_said_to_do(tmp_path, limit):
    steps = [("first", [Scored(), Even()]), ("second", [Even()])][:1]
    before = make_run(tmp_path / "a", PAGES, steps)
    after = make_run(tmp_path / "b", PAGES, [("first", [Scored(min_score=limit), Even()])], parts=7)
    sides = check_against_rerun(before, after, "scored", f"scored.min_score={limit}")
    assert bool(sides[Side.LEAVES]) == (limit > 0.3)
    assert bool(sides[Side.RETURNS]) == (limit < 0.3)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("changed", "changes"),
    [
        (Language(min_confidence=0.97), ["language.min_confidence=0.97"]),
        (Language(languages=("zh",)), ['language.languages=["zh"]']),
        (
            Rules(limits={"en": {"max_digit_ratio": 0.05}, "zh": {"max_digit_ratio": 0.05}}),
            ["rules.max_digit_ratio=0.05"],
        ),
        (
            Rules(limits={"en": {"min_words": 5, "min_characters": 5}}),
            ["rules.en.min_words=5", "rules.en.min_characters=5"],
        ),
        (Rules(families=("content",)), ['rules.families=["content"]']),
        (Quality(min_quality=0.6), ["stage.quality.min_quality=0.6"]),
    ],
    ids=str,
)
def test_stages_of_ours_do_what_they_are_said_to_do(tmp_path, changed, changes):
    stages = [Language(min_confidence=0.3), Rules(), Quality()]
    if isinstance(changed, Language):
        stages[0] = (
            replace(changed, min_confidence=0.3) if changed.languages == ("zh",) else changed
        )
        changed = stages[0]
        base = [Language(min_confidence=0.3), Rules(), Quality()]
    else:
        base = list(stages)
        stages = [changed if one.name == changed.name else one for one in stages]
    before = make_run(tmp_path / "a", REAL, [("only", base)])
    after = make_run(tmp_path / "b", REAL, [("only", stages)], parts=5)
    sides = check_against_rerun(before, after, changed.name, *changes)
    assert any(sides.values())


def test_what_became_later_of_documents_that_would_leave_is_told(tmp_path):
    folder = make_run(tmp_path, PAGES, [("first", [Scored()]), ("second", [Even()])])
    leaving = [n for n in range(200) if 0.3 <= n * 37 % 211 % 100 / 100 < 0.6]
    odd = [n for n in leaving if n * 37 % 211 % 2]
    outlook = outlook_of(folder, "scored.min_score=0.6")
    assert outlook.fates.kept == len(leaving) - len(odd)
    assert dict(outlook.fates.left) == {("even", "odd_length"): len(odd)}
    assert outlook.sides[Side.LEAVES].groups["site"] == {
        f"www.site-{k}.example": sum(n % 7 == k for n in leaving) for k in range(7)
    }
    assert len(outlook.examples[Side.LEAVES]) == 2


def test_what_may_become_of_documents_that_would_come_back_is_an_estimate(tmp_path):
    folder = make_run(tmp_path, PAGES, [("first", [Scored()]), ("second", [Even()])])
    scores = [n * 37 % 211 for n in range(200)]
    low = [one % 100 / 100 for one in scores if one % 100 / 100 < 0.3]
    passed = [one for one in scores if 0.3 <= one % 100 / 100 <= 0.5]  # zh, as those below are
    share = sum(one % 2 == 0 for one in passed) / len(passed)
    outlook = outlook_of(folder, "scored.min_score=0")
    assert outlook.sides[Side.RETURNS].documents == len(low)
    assert outlook.estimate == pytest.approx(share * len(low))
    assert outlook.later_stages == ("even",)


def lines_run(tmp_path, allowed):
    """Documents that share a first line, of which ``allowed`` keep it; one is nothing else."""
    rows = [page(n, "Share this\n" + "words of its own " * n) for n in range(12)]
    rows[7]["text"] = "Share this"
    flags = {row["position"]: {"cut": [0]} for row in rows[allowed:]}
    stage = LineDedup(max_occurrences=allowed)
    return make_run(tmp_path, rows, [("lines", [stage])], flags=flags)


@pytest.mark.slow
@pytest.mark.parametrize("allowed", [3, 5, 8, 12])
def test_more_occurrences_of_a_line_stay_where_a_run_would_leave_them(tmp_path, allowed):
    before = lines_run(tmp_path / "a", 3)
    after = lines_run(tmp_path / "b", allowed)
    check_against_rerun(before, after, "line_dedup", f"line_dedup.max_occurrences={allowed}")
    outlook = outlook_of(before, f"line_dedup.max_occurrences={allowed}")
    moved = sum(outlook.sides[side].documents for side in (Side.ALTERED, Side.RETURNS))
    assert moved == allowed - 3


def test_fewer_occurrences_of_a_line_are_said_not_to_be_known(tmp_path):
    outlook = outlook_of(lines_run(tmp_path, 6), "line_dedup.max_occurrences=2")
    assert outlook.unknown == 11  # all but the one that is gone
    assert "not stored" in outlook.caveat


CORPUS = PipelineConfig(
    name="corpus",
    step=(
        StepConfig("fuzzy", ("language", "fuzzy_dedup")),
        StepConfig("balance", ("category", "balance")),
    ),
    stage={
        "language": Language(),
        "fuzzy_dedup": FuzzyDedup(),
        "category": Category(model="lexicon"),
        "balance": Balance(),
    },
)


@pytest.mark.slow
@pytest.mark.spark
def test_stages_that_compare_documents_do_what_they_are_said_to_do(spark, tmp_path):
    words = [f"word{n}" for n in range(30)]
    near = [f"{ENGLISH} {' '.join(words[: 3 * n])}" for n in range(1, 6)]
    inputs = crawl(
        tmp_path / "in", a=[ENGLISH, *near], b=[CHINESE, f"{CHINESE}另外一句话。", *near]
    )
    batch = "corpus/default"

    def made(name, **stages):
        config = replace(CORPUS, stage={**CORPUS.stage, **stages})
        run(spark, config, inputs, tmp_path / name)
        return tmp_path / name / batch

    before = made("before")
    after = made("similar", fuzzy_dedup=FuzzyDedup(min_similarity=0.97))
    change = "fuzzy_dedup.min_similarity=0.97"
    assert check_against_rerun(before, after, "fuzzy_dedup", change)[Side.RETURNS]
    after = made("balanced", balance=Balance(max_raise=1.0, zh_per_en=0.5))
    check_against_rerun(before, after, "balance", "balance.max_raise=1.0", "balance.zh_per_en=0.5")


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        ("quality.min_quality", "is not STAGE.KEY=VALUE"),
        ("nope.min=1", "the run has no stage 'nope'; its stages: scored, even"),
        ("even.min=1", "is not a setting of even"),
        ("scored.min_score='high'", "scored.min_score"),
        (
            "scored.language='zh'",
            "does not tell what another value would do; it tells of min_score",
        ),
    ],
)
def test_what_cannot_be_told_is_refused(tmp_path, change, fault):
    make_run(tmp_path, PAGES[:5], [("first", [Scored(), Even()])])
    ran = curate("whatif", change, "--root", tmp_path)
    assert ran.exit_code == 2
    assert fault in message(ran)


def test_the_command_tells_both_sides_harmlessly(tmp_path):
    rows = [page(n, "\x1b[2J" * (n % 25), url=f"http://a.example/\u202e{n}") for n in range(60)]
    make_run(tmp_path, rows, [("first", [Scored()]), ("second", [Even()])])
    shown = curate("whatif", "scored.min_score=0.5", "--root", tmp_path).stdout
    assert "would leave: " in shown
    assert "0.48 < 0.5" in shown or "< 0.5" in shown
    assert "leave later anyway" in shown
    assert not {"\x1b", "\u202e"} & set(shown)
