"""A task with a GPU: who schedules it, and which GPU its models run on."""

import json
import os
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path
from types import SimpleNamespace

import pytest
from pyspark import SparkConf

from curation.run.plan import PlannedStep
from curation.run.step_keys import keys_ahead
from curation.spark.gpus import (
    AMOUNT,
    DYNAMIC,
    build_profile,
    gpu_profile,
    lacks_scheduling,
    take_own_gpu,
)
from models.base import DeviceError
from models.transformer import device
from stages.identity import Identity
from stages.quality import Quality
from stages.semantic_dedup import SemanticDedup
from tests.models.checkpoints import save_decoder

ROOT = Path(__file__).resolve().parents[3]


def conf(**settings):
    made = SparkConf(loadDefaults=False)
    for key, value in settings.items():
        made.set(key.replace("__", "."), value)
    return made


def with_gpus(master, amount=None, dynamic="false"):
    made = conf(spark__master=master).set(DYNAMIC, dynamic)
    return made.set(AMOUNT, amount) if amount else made


@pytest.mark.parametrize(
    ("made", "lack"),
    [
        (with_gpus("local[*,4]", "4"), "the master local[*,4] has no stage-level scheduling"),
        (with_gpus("mesos://host", "4"), "the master mesos://host has no stage-level scheduling"),
        (with_gpus("spark://host:7077", "2"), ""),
        (with_gpus("yarn", "1"), f"executors have {AMOUNT} = 1 of them"),
        (with_gpus("k8s://https://host"), f"executors have {AMOUNT} = 0 of them"),
        (with_gpus("k8s://https://host", dynamic="true"), ""),
        (with_gpus("local-cluster[1,2,512]", "2"), ""),
    ],
)
def test_where_gpus_cannot_be_scheduled_it_is_said_why(made, lack):
    assert lacks_scheduling(made, 2) == lack


def test_executors_that_stand_are_asked_for_nothing_and_tasks_for_gpus():
    profile = build_profile(with_gpus("yarn", "4").set("spark.task.cpus", "3"), 2)
    assert {name: one.amount for name, one in profile.taskResources.items()} == {
        "cpus": 3,
        "gpu": 2,
    }
    assert not profile.executorResources


@pytest.mark.parametrize(("amount", "asked"), [(None, 2), ("1", 2), ("8", 8)])
def test_executors_that_come_are_asked_for_with_gpus(amount, asked):
    made = with_gpus("k8s://https://host", amount, "true").set("spark.executor.cores", "6")
    made.set("spark.executor.resource.gpu.discoveryScript", "/opt/find")
    made.set("spark.executor.resource.gpu.vendor", "nvidia.com")
    profile = build_profile(made, 2)
    gpu = profile.executorResources["gpu"]
    assert (gpu.amount, gpu.discoveryScript, gpu.vendor) == (asked, "/opt/find", "nvidia.com")
    assert profile.executorResources["cores"].amount == 6
    assert profile.taskResources["gpu"].amount == 2


@pytest.mark.spark
def test_in_local_mode_tasks_run_as_ever_and_one_line_says_so(spark, caplog):
    assert gpu_profile(spark, "large", 0) is None
    assert caplog.text == ""
    assert gpu_profile(spark, "large", 1) is None
    [record] = caplog.records
    message = record.getMessage()
    assert message.startswith("step large asks for gpus = 1, but the master local[")
    assert "\n" not in message


@pytest.mark.slow
@pytest.mark.spark
def test_spark_runs_a_task_a_gpu_and_says_which(tmp_path):
    """On a cluster whose worker claims two GPUs: four tasks of 0.3 s each."""
    command = [sys.executable, "-m", "tests.curation.spark.gpu_cluster", str(tmp_path)]
    environment = os.environ | {"PYTHONPATH": str(ROOT)}  # executors start in folders of their own
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, check=True)
    found = json.loads(done.stdout.splitlines()[-1])
    for tasks in (found["with"], found["of_frame"]):
        assert {address for [address], *_ in tasks} == {"0", "1"}
        assert all(spark == ours for spark, ours, *_ in tasks)
        for [mine], _, began, ended in tasks:
            others = [one for one in tasks if one[0] == [mine] and one[2:] != [began, ended]]
            assert all(one[2] >= ended or one[3] <= began for one in others)
    assert [[spark, ours] for spark, ours, *_ in found["without"]] == [[None, []]] * 4


@dataclass
class StandIn:
    """A task context, and PyTorch's view of a machine with two GPUs."""

    addresses: list[str] = field(default_factory=list)

    def resources(self):
        return {"gpu": SimpleNamespace(addresses=self.addresses)} if self.addresses else {}


@pytest.fixture
def give(monkeypatch):
    """Have Spark give these GPUs to the next task."""
    torch = pytest.importorskip("torch")
    import pyspark

    context = StandIn()
    monkeypatch.setattr(pyspark.TaskContext, "get", lambda: context)
    monkeypatch.setattr(torch.cuda, "is_available", lambda: True)
    monkeypatch.setattr(torch.cuda, "device_count", lambda: 2)
    monkeypatch.delenv("CUDA_VISIBLE_DEVICES", raising=False)

    def give(*addresses):
        context.addresses = list(addresses)
        take_own_gpu()

    yield give
    device.assign(None)


@pytest.mark.torch
def test_a_model_is_loaded_onto_the_gpu_of_its_task_and_moves_to_that_of_the_next(
    give, tmp_path, monkeypatch
):
    import torch
    import transformers

    from models.transformer.checkpoint import find_checkpoint
    from models.transformer.network import Form, load_network
    from models.transformer.serving import Server
    from models.transformer.tokens import TextTokens

    folder = save_decoder(tmp_path / "one", "SequenceClassification", ["bad", "good"])
    moves = []

    def to(model, place):
        moves.append(str(place))
        return model

    monkeypatch.setattr(transformers.PreTrainedModel, "to", to)
    give("1")
    network = load_network(find_checkpoint(str(folder)), Form.OF_TEXTS)
    assert moves == ["cuda:1"]
    assert network.model.dtype == torch.bfloat16
    give("0")
    Server(network, TextTokens(network.tokenizer, folder)).outputs([])
    assert moves == ["cuda:1", "cuda:0"]


@pytest.mark.torch
def test_a_gpu_that_pytorch_does_not_see_fails_the_task(give):
    give("2")
    with pytest.raises(DeviceError, match="GPU 2 was assigned, but PyTorch sees 2"):
        device.current_device()
    give("GPU-8a")
    with pytest.raises(DeviceError, match="its address must be a number"):
        device.current_device()


@pytest.mark.torch
def test_gpus_are_counted_among_those_that_are_visible(give, monkeypatch):
    monkeypatch.setenv("CUDA_VISIBLE_DEVICES", "5, 3")
    give("3")
    assert str(device.current_device()) == "cuda:1"


@pytest.mark.torch
def test_without_a_gpu_of_its_own_a_process_takes_one_of_those_there_are(give, monkeypatch):
    give()
    monkeypatch.setattr("os.getpid", lambda: 7)
    assert str(device.current_device()) == "cuda:1"


def planned(stage, gpus):
    return PlannedStep(1, "step", "f" * 12, "/nowhere/01-step-f", (stage,), {}, gpus=gpus)


def test_keys_that_need_a_gpu_are_not_made_by_tasks_without():
    large = SemanticDedup(model="./checkpoints/bge-m3")
    before = planned(Quality(), 0)
    assert keys_ahead(before, planned(large, 1)) is None
    assert keys_ahead(planned(Quality(), 1), planned(large, 1)) is not None
    assert keys_ahead(before, planned(SemanticDedup(), 1)) is not None
    assert keys_ahead(before, planned(Identity(), 1)) is not None
