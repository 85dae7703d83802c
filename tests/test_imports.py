"""Importing the project reaches for no network, and its packages say that they are typed."""

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PACKAGES = ("conf", "curation", "models", "schemas", "stages")
IMPORT_ALL = """
import importlib, pkgutil, sys

def refuse(event, arguments):
    if event in ("socket.connect", "socket.getaddrinfo", "socket.gethostbyname", "socket.sendto"):
        print("REACHED", event, arguments, flush=True)

sys.addaudithook(refuse)
LEFT_OUT = ("__main__", "curation.spark.daemon")
EXTRA = ("torch", "transformers", "sentence_transformers", "safetensors", "sklearn", "peft")
count = 0
for package in sys.argv[1:]:
    importlib.import_module(package)
    for found in pkgutil.walk_packages([package], f"{package}."):
        if found.name.endswith(LEFT_OUT):
            continue
        try:
            importlib.import_module(found.name)
            count += 1
        except ModuleNotFoundError as error:
            if error.name.partition(".")[0] not in EXTRA:
                raise
print("IMPORTED", count)
"""


def imported(code):
    ran = subprocess.run(
        [sys.executable, "-c", code, *PACKAGES],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert ran.returncode == 0, ran.stderr[-2000:]
    return ran.stdout.splitlines()


@pytest.mark.slow
def test_no_module_reaches_for_the_network_when_it_is_imported():
    [line] = imported(IMPORT_ALL)
    assert int(line.removeprefix("IMPORTED ")) > 300


def test_what_does_reach_for_it_would_be_seen():
    reach = "import socket; socket.socket().connect_ex(('127.0.0.1', 9))\n"
    seen = imported(IMPORT_ALL.partition("LEFT_OUT")[0] + reach)
    assert seen[0].startswith("REACHED socket.connect")


@pytest.mark.parametrize("package", PACKAGES)
def test_a_package_is_typed(package):
    assert (ROOT / package / "py.typed").is_file()
