"""A trained checkpoint as files: what ``models.transformer`` and any other loader reads."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path

from models.finetuning.examples import Form
from models.finetuning.settings import Precision
from models.finetuning.trainee import Trainee
from models.transformer.heads import INDEX, HeadDescription


def write_checkpoint(
    trainee: Trainee, folder: Path, thresholds: Mapping[str, float | None]
) -> None:
    """Write base, tokenizer and heads into a folder, in safetensors.

    The base is in bfloat16 if it was computed in that, for serving computes so on a GPU; heads of
    their own are float32.
    """
    import torch

    model = trainee.model
    model.config.use_cache = True
    if trainee.precision is Precision.BFLOAT16:
        model.to(torch.bfloat16)
    model.save_pretrained(folder)
    trainee.reader.tokens.tokenizer.save_pretrained(folder)
    if trainee.form is Form.SHARED:
        _write_heads(trainee, folder, thresholds)


def _write_heads(trainee: Trainee, folder: Path, thresholds: Mapping[str, float | None]) -> None:
    from safetensors.torch import save_file

    (folder / "heads").mkdir()
    named = {}
    for head in trainee.heads:
        layer = trainee.last[head.task]
        tensors = {
            "weight": layer.weight.detach().float().cpu(),
            "bias": layer.bias.detach().float().cpu(),
        }
        described = HeadDescription(head.task, head.labels, head.reads.value)
        save_file(tensors, folder / described.file)
        named[head.task] = {
            "labels": list(head.labels),
            "reads": head.reads.value,
            "threshold": thresholds.get(head.task),
        }
    text = json.dumps(named, ensure_ascii=False, indent=1)
    (folder / INDEX).write_text(text + "\n", encoding="utf-8")
