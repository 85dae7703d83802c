"""What ``curate distil`` does, from a finished run and a checkpoint to weights with their card."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Collection, Mapping, Sequence
from importlib.metadata import version
from pathlib import Path

from curation.distilling.account import CARD, FILE, DistilledAccount, card
from curation.distilling.distil import Distilled, distil
from curation.distilling.sampled import SampledRun, SampledText, sample_run
from curation.distilling.settings import DistillingSettings
from curation.distilling.tasks import Ask, configured, find_distillation
from curation.errors import UsageError
from curation.finetuning.command import refuse_without_extra
from curation.labelling.run_documents import open_run
from curation.labelling.tasks import find_task
from curation.storage.records import write_record
from models.base import DeviceError
from models.distillation.taught import Said
from models.transformer.checkpoint import find_checkpoint
from stages.model_stage import ModelStage

AT_ONCE = 256
"""Texts that the checkpoint is asked about before it is said how far it is."""


def distil_command(
    name: str,
    batch_folder: str,
    checkpoint: str,
    out: str,
    settings: DistillingSettings,
    *,
    say: Callable[[str], None],
) -> DistilledAccount:
    """Write weights, their calibration, account and card into ``out``, all of them or nothing.

    Raises UsageError for all that a user can mend.
    """
    task = find_distillation(name)
    refuse_without_extra("curate distil")
    if Path(out).exists():
        raise UsageError(f"{out}: is there already; name another --out, or delete it")
    run = open_run(batch_folder, find_task(name))
    try:
        digest = find_checkpoint(checkpoint).digest
        threshold = settings.threshold
        if threshold is None:
            threshold = noted_threshold(find_checkpoint(checkpoint).notes, name)
        stage = configured(task, run.stage.configuration, threshold)
        stage.digest_of(checkpoint)
        drawn = sample_run(run, settings.size, settings.max_per_site, settings.seed)
        say(f"{len(drawn.texts):,} texts, drawn from {drawn.population:,} documents")
        chances = ask_all(task.open(checkpoint, stage), drawn.texts, task.numbers, say)
        made = distil(task, stage, drawn.texts, chances, digest)
    except (ValueError, ImportError, DeviceError) as error:
        raise UsageError(str(error)) from error
    account = _account(run.name, checkpoint, digest, stage, drawn, made, settings)
    _write(made, account, Path(out))
    return account


def noted_threshold(notes: Mapping[str, object], name: str) -> float | None:
    """The threshold that a checkpoint's own notes have for a task; None if they have none.

    >>> noted_threshold({"tasks": {"quality": {"threshold": 0.41}}}, "quality")
    0.41
    >>> noted_threshold({}, "quality")
    """
    tasks = notes.get("tasks")
    own = tasks.get(name) if isinstance(tasks, dict) else None
    found = own.get("threshold") if isinstance(own, dict) else None
    return float(found) if isinstance(found, int | float) else None


def ask_all(
    ask: Ask[Said],
    texts: Sequence[SampledText],
    numbers: Callable[[Said], Collection[float]],
    say: Callable[[str], None],
) -> list[Said]:
    """What the checkpoint says of each text. Raises ValueError where it says no number."""
    found: list[Said] = []
    for start in range(0, len(texts), AT_ONCE):
        found += ask(texts[start : start + AT_ONCE])
        say(f"scored {len(found):,} of {len(texts):,}")
    for one, said in zip(texts, found, strict=True):
        if any(not 0 <= chance <= 1 for chance in numbers(said)):
            raise ValueError(
                f"the checkpoint's score of {one.document.doc_id} is no number from 0 to 1: its "
                "weights are damaged, or were never trained"
            )
    return found


def _account(
    run: str,
    checkpoint: str,
    digest: str,
    stage: ModelStage,
    drawn: SampledRun,
    made: Distilled,
    settings: DistillingSettings,
) -> DistilledAccount:
    return DistilledAccount(
        task=stage.name,
        checkpoint=checkpoint,
        checkpoint_digest=digest,
        setting=stage.rule.name,
        threshold=stage.rule.threshold,
        wanted=stage.rule.wanted,
        run=run,
        sample_digest=drawn.digest,
        population=drawn.population,
        documents=made.documents,
        sites=len({one.site for one in drawn.texts}),
        left_out=made.taught.left_out,
        agreement=made.agreement,
        cascades=made.cascades,
        settings=settings,
        versions={name: version(name) for name in ("curation", "torch", "transformers")},
    )


def _write(made: Distilled, account: DistilledAccount, out: Path) -> None:
    """Write all into a folder that gets its name when it is whole."""
    whole = out.with_name(f"{out.name}.distilling")
    shutil.rmtree(whole, ignore_errors=True)
    whole.mkdir(parents=True)
    about = {
        "task": account.task,
        "checkpoint": account.checkpoint_digest,
        "sample": account.sample_digest,
    }
    made.taught.write(whole, about)
    made.calibration.write(whole)
    write_record(str(whole / FILE), account)
    (whole / CARD).write_text(card(account, str(out)), encoding="utf-8")
    whole.rename(out)
