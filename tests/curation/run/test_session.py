"""The end of a session."""

import pytest
from py4j.protocol import Py4JNetworkError

from curation.run.session import RunSession


@pytest.mark.parametrize("error", [ConnectionRefusedError, Py4JNetworkError])
def test_java_that_is_killed_when_all_is_done_is_no_fault_of_the_run(error):
    class Spark:
        def stop(self):
            raise error

    session = RunSession(lambda *_: Spark(), keeps_log=False)
    session.spark, session._is_own = Spark(), True
    assert session.close()
    assert session.spark is None
