"""What every test may ask for: the folder of real pages, and a Spark session."""

from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

# Examples take as long as the machine is busy: no deadline, and no complaint about slow ones.
settings.register_profile(
    "busy", deadline=None, suppress_health_check=[HealthCheck.too_slow], derandomize=True
)
settings.load_profile("busy")

SHARED = Path(__file__).resolve().parents[2] / "shared" / "data"


@pytest.fixture(scope="session")
def real_data() -> Path:
    """The folder of real pages that stands beside the checkout; the test skips without it."""
    if not SHARED.is_dir():
        pytest.skip(f"the folder of real pages is not there: {SHARED}")
    return SHARED


@pytest.fixture(scope="session")
def spark():
    """One session for all tests: two threads, small shuffles."""
    from curation.session import start_session

    session = start_session(
        {"spark.sql.shuffle.partitions": "4", "spark.driver.memory": "1g"}, master="local[2,4]"
    )
    yield session
    session.stop()
