"""Balance over two deliveries, with a phase: what a corpus holds, and what is done again for it."""

import json
import shutil
from pathlib import Path

import pytest

from curation.inspect.verification import verify
from tests.commands import curate, message, output
from tests.curation.small_runs import crawl

pytestmark = pytest.mark.spark

CONF = """
name = "mixed"
[[step]]
name = "prepare"
stages = ["tests.curation.labelled:Labelled"]
[[step]]
name = "balance"
stages = ["balance"]
[stage.balance.class_rates]
physics = 1.0
[phases.annealing.stage.balance]
targets = { physics = 0.8 }
shortfall = "shrink"
max_raise = 1.0
[export]
"""
ENGLISH = [f"en film 0.5 {n} " + "some words about a film " * 5 for n in range(60)]
PHYSICS = [f"en physics 0.5 {n} " + "some words on particles " * 5 for n in range(20)]
CHINESE = [f"zh film 0.5 {n} " + "some words about a film " * 5 for n in range(30)]


def deliver(folder, batch, texts):
    inputs = crawl(folder / batch, **{batch: texts})
    output("run", folder / "conf.toml", inputs, "--root", folder / "runs", "--batch", batch)
    return folder


@pytest.fixture(scope="module")
def first(spark, tmp_path_factory):
    """The run of a delivery in English alone."""
    folder = tmp_path_factory.mktemp("mixed")
    (folder / "conf.toml").write_text(CONF)
    return deliver(folder, "may", ENGLISH + PHYSICS)


@pytest.fixture(scope="module")
def corpus(first):
    """That of Chinese with some English after it, too."""
    return deliver(first, "june", CHINESE + ENGLISH[:10])


@pytest.fixture
def copied(corpus, tmp_path):
    """The folder of a copy, which may be changed."""
    shutil.copytree(corpus, tmp_path / "mixed")
    return tmp_path / "mixed"


def exported(folder, batch, name):
    """The tokens of exported shards, by language and by class."""
    [manifest] = (folder / "runs/mixed" / batch).glob(f"03-{name}-*/manifest.json")
    counts = json.loads(manifest.read_text())["counts"]
    return counts["language_tokens"], counts["category_tokens"]


def steps_of(folder, batch):
    return {path.name for path in (folder / "runs/mixed" / batch).glob("0*")}


def test_a_phase_has_shards_of_its_own_with_its_shares_from_the_same_documents(first):
    _, classes = exported(first, "may", "annealing-export")
    assert classes["physics"] / sum(classes.values()) == pytest.approx(0.8, abs=0.05)
    _, plain = exported(first, "may", "export")
    assert plain["physics"] / sum(plain.values()) < 0.3
    assert len([*(first / "runs/mixed/may").glob("01-*")]) == 1
    [card] = (first / "runs/mixed/may").glob("03-annealing-export-*/README.md")
    assert "# mixed-annealing" in card.read_text()


def test_a_batch_in_one_language_goes_out_and_the_next_one_evens_out_with_it(corpus):
    alone, _ = exported(corpus, "may", "export")
    assert alone.keys() == {"en"}
    later, _ = exported(corpus, "june", "export")
    # 30 documents in Chinese, raised twice, are fewer than the 80 in English that stand.
    assert later.keys() == {"zh"}
    rows = json.loads(
        next((corpus / "runs/mixed/june").glob("03-export-*/manifest.json")).read_text()
    )
    assert rows["counts"]["copies"] == {"2": 30}


def test_a_dry_run_shows_the_corpus_and_leaves_nothing(corpus):
    before = steps_of(corpus, "june"), {*(corpus / "runs/mixed/june").iterdir()}
    root = ("--root", corpus / "runs", "--batch", "june")
    shown = output("balance", corpus / "conf.toml", *root, "--dry-run")
    assert (steps_of(corpus, "june"), {*(corpus / "runs/mixed/june").iterdir()}) == before
    stands = exported(corpus, "may", "export")[0]["en"]
    row = next(line for line in shown.splitlines() if line.startswith("│ en "))
    assert [cell.strip() for cell in row.split("│")][4:6] == ["0", f"{stands:,}"]
    assert "mixed-annealing: tokens by class" in shown
    assert "en: physics comes to" in shown


def test_another_setting_of_a_phase_has_that_phase_alone_to_do_again(corpus):
    seed = "phases.annealing.stage.balance.seed=7"
    arguments = (corpus / "june", "--root", corpus / "runs", "--batch", "june", "--set", seed)
    shown = output("plan", corpus / "conf.toml", *arguments).splitlines()
    to_run = [line.split("│")[1].strip() for line in shown if "to run" in line]
    assert to_run == ["02 annealing balance", "03 annealing export"]


def test_damage_to_a_phase_is_found_and_repaired(copied):
    [shard] = (copied / "runs/mixed/june").glob("03-annealing-export-*/shard-*.parquet")
    content = shard.read_bytes()
    shard.unlink()
    [fault] = verify(str(copied / "runs/mixed/june")).faults
    assert shard.name in str(fault)
    made = output("repair", copied / "conf.toml", "--root", copied / "runs", "--batch", "june")
    assert [line.split(":")[:2] for line in made.splitlines()] == [
        ["made again", " annealing export"]
    ]
    assert shard.read_bytes() == content


def refusal(*arguments):
    ran = curate(*arguments)
    assert ran.exit_code == 2
    return message(ran)


def test_a_phase_that_an_earlier_batch_has_not_run_is_asked_for(corpus):
    other = "phases.other.stage.balance.seed=2"
    arguments = (corpus / "june", "--root", corpus / "runs", "--batch", "june", "--set", other)
    said = refusal("plan", corpus / "conf.toml", *arguments)
    assert said.startswith("batch 'may' has not run phase other since it last ran")


@pytest.mark.parametrize(
    ("more", "message_of"),
    [
        (("--phase", "other"), "its phases: annealing"),
        (("--set", "name='new'"), "holds no run"),
        (("--set", "stage.labelled.x=1"), "stage.labelled.x"),
    ],
)
def test_a_mix_that_cannot_be_shown_is_told(corpus, more, message_of):
    root = ("--root", corpus / "runs", "--batch", "may", "--dry-run")
    assert message_of in refusal("balance", corpus / "conf.toml", *root, *more)


def test_after_a_withdrawal_later_batches_are_stale_in_phases_too(copied):
    root = ("--root", copied / "runs")
    assert "june" in output("withdraw", "may", "--yes", *root).splitlines()[-1]
    assert "stale" in output("batches", *root)
    assert not Path(copied / "runs/mixed/may").exists()


@pytest.mark.slow
def test_what_deliveries_left_is_merged_for_each_phase_and_serves_the_next_one(copied):
    root = ("--root", copied / "runs")
    july = (crawl(copied / "july", july=CHINESE[:6]), *root, "--batch", "july")
    before = output("plan", copied / "conf.toml", *july)
    said = output("compact", *root).splitlines()
    assert [line.split(", ")[0] for line in said] == [
        "balance: 2 batches",
        "balance of phase annealing: 2 batches",
    ]
    for states in (copied / "runs/mixed").glob("*/02-*balance-*/state"):
        shutil.rmtree(states)  # so that the merged ones alone can be read
    assert output("plan", copied / "conf.toml", *july) == before  # no fingerprint changes
    output("run", copied / "conf.toml", *july)
    assert exported(copied, "july", "export")[0].keys() == {"zh"}
    stands = output("batches", *root)
    assert "state of balance of phase annealing: 3 batches, to be merged" in stands
