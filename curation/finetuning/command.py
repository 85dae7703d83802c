"""What ``curate train`` does, from the files that it is given to a checkpoint."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path

from curation.errors import UsageError
from curation.finetuning.account import CheckpointAccount
from curation.finetuning.documents import Document, read_file, read_run
from curation.finetuning.given import Licences, Texts
from curation.finetuning.joined import Joined, join
from curation.finetuning.tasks import TASKS
from curation.finetuning.training import train
from curation.labelling.records import read_labels
from models.finetuning.processes import started
from models.finetuning.settings import Aim, Precision, TrainingSettings
from models.transformer.checkpoint import find_checkpoint, first_line
from models.transformer.device import is_of_device

NEEDED = ("torch", "transformers", "safetensors", "sklearn")


def read_texts(texts: Texts, wanted: set[str] | None = None) -> Iterator[Document]:
    """The documents with these ids (None: all). Raises UsageError unless one place is named."""
    if (texts.root is None) == (texts.documents is None):
        raise UsageError("documents come from a run or from a file: name --root or --documents")
    if texts.documents is not None:
        return read_file(texts.documents)
    return read_run(texts.root or "", texts.pipeline, texts.batch, wanted)


def refuse_without_extra(command: str) -> None:
    """Raise UsageError where a package of the models extra is missing."""
    missing = [name for name in NEEDED if find_spec(name) is None]
    if missing:
        raise UsageError(
            f"{command} needs {', '.join(missing)}: install the models extra, "
            "pip install 'curation[models]'"
        )


def train_command(
    tasks: str,
    labels: Sequence[str],
    texts: Texts,
    base: str,
    out: str,
    settings: TrainingSettings,
    *,
    aim: Aim,
    licences: Licences,
    say: Callable[[str], None],
) -> CheckpointAccount | None:
    """Train a checkpoint for tasks joined by commas; None in processes that write nothing.

    Raises UsageError for all that a user can mend.
    """
    refuse_without_extra("curate train")
    joined = join_tasks(tasks, labels, texts)
    with _faults_in_words(settings), started() as processes:
        return train(
            joined,
            find_checkpoint(base),
            Path(out),
            settings,
            aim=aim,
            licences=licences,
            processes=processes,
            say=say if processes.is_first else _say_nothing,
        )


@contextmanager
def _faults_in_words(settings: TrainingSettings) -> Iterator[None]:
    """Raise UsageError for what goes wrong in a training, with what to do."""
    from torch import OutOfMemoryError

    try:
        yield
    except OutOfMemoryError as error:
        raise UsageError(
            "the memory of the GPU is too small: lower --tokens-per-batch "
            f"({settings.tokens_per_batch:,}), or add --gradient-checkpointing, and run it again: "
            "it goes on where it stopped; --lora-rank needs less still, from the beginning"
        ) from error
    except RuntimeError as error:
        if not is_of_device(error):
            raise
        raise UsageError(
            f"the GPU failed ({first_line(error)}): give the same command again, there or on "
            "another machine that has the folder: it goes on where it stopped"
        ) from error
    except (ValueError, ImportError) as error:
        raise UsageError(str(error)) from error


def _say_nothing(words: str) -> None:
    """What all processes but the first say."""


def join_tasks(tasks: str, labels: Sequence[str], texts: Texts) -> Joined:
    """The examples for tasks joined by commas."""
    names = tasks.split(",")
    for name in names:
        if name not in TASKS or names.count(name) > 1:
            raise UsageError(
                f"{tasks!r}: must be one or more of {', '.join(TASKS)}, joined by commas, each once"
            )
    found = {name: read_labels(labels, name) for name in names}
    return join(read_texts(texts, {one.doc_id for own in found.values() for one in own}), found)


def default_precision() -> Precision:
    """What this machine computes in: bfloat16 on a GPU. Raises UsageError without the extra."""
    refuse_without_extra("curate train")
    import torch

    return Precision.BFLOAT16 if torch.cuda.is_available() else Precision.FLOAT32
