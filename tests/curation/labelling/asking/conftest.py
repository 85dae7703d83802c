import pytest

from tests.curation.labelling.asking.stub_endpoint import StubEndpoint


@pytest.fixture
def serve():
    """Starts a stub that answers as a function says."""
    stubs = []

    def start(answer):
        stubs.append(StubEndpoint(answer))
        return stubs[-1]

    yield start
    for stub in stubs:
        stub.close()
