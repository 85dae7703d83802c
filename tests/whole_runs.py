"""Runs of the whole pipeline, as a user starts them."""

import subprocess
import sys

from conf import locate
from curation.inspect.run_files import load_run

LOCAL = locate("local.toml")


def command(inputs, root, master, conf):
    return [
        sys.executable,
        *("-m", "curation", "run", str(conf), *map(str, inputs)),
        *("--root", str(root), "--master", master),
    ]


def run(inputs, root, master, conf=LOCAL, *, options=()):
    ran = subprocess.run(
        [*command(inputs, root, master, conf), *map(str, options)],
        capture_output=True,
        text=True,
        check=False,
    )
    assert ran.returncode == 0, ran.stderr[-3000:]
    return ran


def other_conf(folder, given, other):
    """The local pipeline with a line of it changed."""
    text = LOCAL.read_text()
    assert text.count(given) == 1
    path = folder / "other.toml"
    path.write_text(text.replace(given, other))
    return path


def judged(batch):
    return [step for step in load_run(str(batch)) if step.manifest.stages]


def product_digests(batch):
    return [
        {file.name: file.sha256 for file in step.manifest.products}
        for step in load_run(str(batch))
        if not step.manifest.stages
    ]
