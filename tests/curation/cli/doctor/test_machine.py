import sys
from types import SimpleNamespace

import pytest

from conf import locate
from conf.records import ConfigError
from curation.cli.doctor import State, machine
from curation.config import SparkConfig, load_config

GIB = 1 << 30


@pytest.fixture
def with_machine(monkeypatch):
    def with_machine(cores, gib):
        monkeypatch.setattr(machine, "core_count", lambda: cores)
        monkeypatch.setattr(machine, "memory_bytes", lambda: gib and gib * GIB)

    return with_machine


@pytest.mark.parametrize(
    ("count", "master", "state", "remedy"),
    [
        (8, "local[*,4]", State.OK, ""),
        (8, "local[4]", State.OK, ""),
        (8, "spark://host:7077", State.OK, ""),
        (4, "local[8]", State.WARNING, 'set spark.master = "local[4,4]"'),
        (1, "local[*,4]", State.WARNING, "take more cores"),
    ],
)
def test_more_tasks_than_cores_are_too_many(with_machine, count, master, state, remedy):
    with_machine(count, 64)
    found = machine.cores(SparkConfig(master=master))
    assert found.state is state
    assert remedy in found.remedy


@pytest.mark.parametrize(
    ("gib", "settings", "state", "remedy"),
    [
        (26, {}, State.OK, ""),
        (25, {}, State.WARNING, 'set spark.master = "local[7,4]"'),
        (4, {}, State.WARNING, 'set spark.master = "local[1,4]"'),
        (2, {}, State.PROBLEM, "take a machine with 3 GiB or more"),
        (26, {"spark.driver.memory": "8g"}, State.WARNING, '"local[6,4]"'),
        (26, {"spark.driver.memory": "32768m"}, State.PROBLEM, "33 GiB"),
        (None, {}, State.OK, ""),
    ],
)
def test_java_and_a_worker_for_each_task_must_have_room(with_machine, gib, settings, state, remedy):
    with_machine(8, gib)
    found = machine.memory(SparkConfig(settings=settings))
    assert found.state is state
    assert remedy in found.remedy


def test_a_clusters_memory_is_its_own(with_machine):
    with_machine(8, 2)
    assert machine.memory(SparkConfig(master="yarn")).state is State.OK


def test_a_size_that_is_none_is_named():
    with pytest.raises(ConfigError, match=r"spark\.driver\.memory = 'much': is no size"):
        machine.memory(SparkConfig(settings={"spark.driver.memory": "much"}))


@pytest.mark.parametrize(
    ("limit", "expected"), [("max", 8 * GIB), (str(3 * GIB), 3 * GIB), (str(1 << 62), 8 * GIB)]
)
def test_the_memory_of_a_container_is_its_limit(tmp_path, monkeypatch, limit, expected):
    (tmp_path / "meminfo").write_text(f"MemTotal:       {8 << 20} kB\nMemFree:        12 kB\n")
    (tmp_path / "memory.max").write_text(f"{limit}\n")
    monkeypatch.setattr(machine, "MEMORY", tmp_path / "meminfo")
    monkeypatch.setattr(machine, "CGROUP_MEMORY", (tmp_path / "memory.max", tmp_path / "absent"))
    assert machine.memory_bytes() == expected


def test_a_system_that_does_not_tell_its_memory_is_believed(tmp_path, monkeypatch):
    monkeypatch.setattr(machine, "MEMORY", tmp_path / "absent")
    assert machine.memory_bytes() is None


@pytest.mark.parametrize(
    ("names", "sees", "checkpoints", "state"),
    [
        ([], False, [], State.OK),
        ([], False, ["quality"], State.WARNING),
        (["H100"], False, ["quality"], State.WARNING),
        (["H100"], True, ["quality"], State.OK),
        (["H100"], False, [], State.OK),
    ],
)
def test_checkpoints_want_a_gpu_that_torch_sees(monkeypatch, names, sees, checkpoints, state):
    torch = SimpleNamespace(cuda=SimpleNamespace(is_available=lambda: sees))
    monkeypatch.setitem(sys.modules, "torch", torch)
    monkeypatch.setattr(machine, "gpu_names", lambda: names)
    assert machine.gpus(checkpoints).state is state


@pytest.mark.parametrize(
    ("script", "expected"),
    [("echo 'NVIDIA H100, 81559 MiB'", ["NVIDIA H100, 81559 MiB"]), ("echo no driver; exit 9", [])],
)
def test_gpus_are_those_that_the_driver_names(tmp_path, monkeypatch, script, expected):
    asker = tmp_path / "nvidia-smi"
    asker.write_text(f"#!/bin/sh\n{script}\n")
    asker.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    assert machine.gpu_names() == expected


def test_the_stages_with_checkpoints_are_those_of_the_papers_models():
    assert machine.checkpoints_of(load_config(locate("local.toml"))) == []
    paper = load_config(locate("dots_llm1.toml"), ['stage.language.model="./lid.176.bin"'])
    expected = ["page_type", "clutter", "quality", "semantic_dedup", "category"]
    assert machine.checkpoints_of(paper) == expected
