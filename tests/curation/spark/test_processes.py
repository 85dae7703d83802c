"""What processes take, told apart by who started them."""

import subprocess
import sys

import pytest

from curation.spark.processes import PROC, processor_s, workers_s

BURN = "import time\nwhile time.process_time() < {}: pass\n"
NAMED_JAVA = f"""
import subprocess, sys
open("/proc/self/comm", "w").write("java")
{BURN.format(0.4)}
subprocess.run([sys.executable, "-S", "-c", {BURN.format(0.3)!r}])
print("done", flush=True)
input()
"""


@pytest.mark.skipif(not PROC.exists(), reason="there is no /proc")
def test_what_java_started_counts_though_it_has_ended_and_java_itself_does_not():
    command = [sys.executable, "-S", "-c", NAMED_JAVA]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as java:
        assert java.stdout.readline() == b"done\n"
        found, in_all = workers_s(java.pid), processor_s(java.pid)
        java.communicate(b"\n")
    assert 0.25 <= found <= in_all - 0.35
