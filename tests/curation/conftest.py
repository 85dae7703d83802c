"""An S3 server on this machine, found through the usual environment variables alone."""

import shutil
import socket
import subprocess
import sys
import time
import urllib.request

import pytest

from tests.conftest import s3_variables


class Bucket:
    """A bucket that anybody may write to."""

    def __init__(self, endpoint: str, name: str) -> None:
        self.endpoint = endpoint
        self.uri = f"s3://{name}"
        self._put(f"{endpoint}/{name}", b"")
        self._address = f"{endpoint}/{name}"

    def put(self, name: str, data: bytes) -> None:
        self._put(f"{self._address}/{name}", data)

    def _put(self, address: str, data: bytes) -> None:
        headers = {"Content-Type": "application/octet-stream"}
        request = urllib.request.Request(address, data, headers, method="PUT")
        urllib.request.urlopen(request, timeout=20).close()


def find_python_with_moto() -> str:
    for python in (sys.executable, shutil.which("python3"), shutil.which("python")):
        trial = [python or "false", "-c", "import moto.server"]
        if subprocess.run(trial, check=False, capture_output=True).returncode == 0:
            return trial[0]
    pytest.skip("no Python with moto[server] was found: pip install 'moto[server]'")


@pytest.fixture(scope="session")
def s3_server(s3_endpoint):
    """The endpoint of a server that keeps its buckets in memory."""
    python = find_python_with_moto()
    port = int(s3_endpoint.rpartition(":")[2])
    code = f"from moto.server import main; main(['-H', '127.0.0.1', '-p', '{port}'])"
    process = subprocess.Popen(
        [python, "-c", code], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        with socket.socket() as probe:
            if not probe.connect_ex(("127.0.0.1", port)):
                break
        time.sleep(0.2)
    yield s3_endpoint
    process.terminate()
    process.wait(10)


@pytest.fixture
def s3_environment(monkeypatch):
    """Sets the usual environment variables to an endpoint."""

    def point_to(endpoint):
        for name, value in s3_variables(endpoint).items():
            monkeypatch.setenv(name, value)

    return point_to
