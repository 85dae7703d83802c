"""Where the weights of an embedded model lie: those that ship, or a folder of one's own."""

from __future__ import annotations

from pathlib import Path


def weights_in(folder: str, shipped: Path, file: str) -> Path:
    """The folder of the weights that a setting ``weights`` names, ``shipped`` for "".

    Raises ValueError for one that is not there, or has no such file as ``file``, a pattern.
    """
    if not folder:
        return shipped
    if not Path(folder).is_dir():
        raise ValueError(
            f"weights = {folder!r}: there is no such folder: name one that `curate distil` made, "
            'or leave it out (weights = "" are those that ship)'
        )
    if not any(Path(folder).glob(file)):
        raise ValueError(
            f"weights = {folder!r}: has no {file}: name a folder that `curate distil` made for "
            "this stage"
        )
    return Path(folder)


def refuse_idle(weights: str, *, is_embedded: bool, has_cascade: bool) -> None:
    """Raise ValueError for weights that nothing reads, and for a cascade without a checkpoint."""
    if is_embedded and has_cascade:
        raise ValueError("cascade: needs a checkpoint in model, to which it sends what is unsure")
    if weights and not is_embedded and not has_cascade:
        raise ValueError(
            f"weights = {weights!r}: are of the embedded model, and model names a checkpoint: "
            "leave them out, or add a cascade"
        )
