"""The parameters of every training command: labelled data, where weights go, the pipeline."""

from __future__ import annotations

from pathlib import Path

import click

DATA = click.argument("data", type=click.Path(path_type=Path, exists=True, file_okay=False))
DATA_OR_EXAMPLES = click.argument("data", type=click.Path(path_type=Path, exists=True))
OUT = click.argument("out", type=click.Path(path_type=Path, file_okay=False))
CONF = click.option(
    "--conf", default="local.toml", show_default=True, help="The pipeline that will serve."
)
