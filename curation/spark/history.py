"""Spark's history server, on this machine alone, over the event logs of runs."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from conf import locate
from curation.errors import JobError, UsageError
from curation.spark.java import spark_java_home

LOOPBACK = "127.0.0.1"
START_S = 300.0
"""A start takes 5 s; a busy machine may take long, a server that has ended is noticed at once."""
STOP_S = 30.0


@dataclass(frozen=True)
class HistoryServer:
    """How to start a server over a folder of logs, and where it answers then."""

    logs: Path
    port: int

    @property
    def address(self) -> str:
        """What to open in a browser."""
        return f"http://{LOOPBACK}:{self.port}"

    def command(self) -> list[str]:
        """What runs it: Spark's own launcher, of the PySpark that runs the pipelines."""
        import pyspark

        launcher = Path(pyspark.__file__).parent / "bin" / "spark-class"
        return [str(launcher), "org.apache.spark.deploy.history.HistoryServer"]

    def environment(self) -> dict[str, str]:
        """What it needs of the environment, beside this process's own."""
        options = {
            "spark.history.fs.logDirectory": self.logs.as_uri(),
            "spark.history.ui.port": str(self.port),
            "spark.port.maxRetries": "0",
            "log4j2.configurationFile": str(locate("log4j2.properties")),
        }
        return {
            "JAVA_HOME": str(spark_java_home(os.environ)),
            "SPARK_LOCAL_IP": LOOPBACK,  # what the server binds to
            "SPARK_PUBLIC_DNS": LOOPBACK,
            "SPARK_DAEMON_MEMORY": os.environ.get("SPARK_DAEMON_MEMORY", "1g"),
            "SPARK_HISTORY_OPTS": " ".join(f"-D{key}={value}" for key, value in options.items()),
        }


def refuse_taken(port: int) -> None:
    """Raise UsageError for a port of this machine that something listens on."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((LOOPBACK, port))
        except OSError as error:
            raise UsageError(
                f"--port {port}: cannot be listened on ({error.strerror}); name another"
            ) from error


@contextmanager
def serving(server: HistoryServer) -> Iterator[subprocess.Popen[bytes]]:
    """The server, answering, until the block ends. Raises UsageError or JobError."""
    refuse_taken(server.port)
    process = subprocess.Popen(  # noqa: S603 - Spark's own launcher
        server.command(), env=os.environ | server.environment(), stdin=subprocess.DEVNULL
    )
    try:
        _wait(server, process)
        yield process
    finally:
        process.terminate()
        try:
            process.wait(STOP_S)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _wait(server: HistoryServer, process: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + START_S
    while applications(server) is None:
        if process.poll() is not None:
            raise JobError(f"the history server ended with {process.returncode}; see above why")
        if time.monotonic() > deadline:
            raise JobError(f"the history server does not answer after {START_S:.0f} s")
        time.sleep(0.2)


def applications(server: HistoryServer) -> list[str] | None:
    """The names of the runs that the server shows; None as long as it does not answer."""
    try:
        address = f"{server.address}/api/v1/applications"
        with urllib.request.urlopen(address, timeout=30) as answer:  # noqa: S310 - it is http
            return [one["name"] for one in json.load(answer)]
    except (urllib.error.URLError, OSError, ValueError):
        return None
