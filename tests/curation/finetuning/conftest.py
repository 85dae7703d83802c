from importlib.util import find_spec

import pytest


@pytest.fixture(autouse=find_spec("torch") is not None, scope="module")
def _one_thread():
    """Two threads for matrices of 64 columns wait for each other longer than they compute."""
    import torch

    before = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(before)
