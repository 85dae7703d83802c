from dataclasses import replace

import numpy as np
import pytest

from models.clutter import WEIGHTS
from models.clutter.weights import Weights, digest_of


def test_weights_are_what_was_saved(tmp_path):
    shipped = Weights.load(WEIGHTS)
    shipped.save(tmp_path / "other.npz", {"auc": 0.9})
    lines = [["Share this", "The mill was built in 1931, and its wheel still turns."]]
    again = Weights.load(tmp_path / "other.npz")
    assert again.chances(lines).tolist() == shipped.chances(lines).tolist()
    assert "0.9" in (tmp_path / "other.json").read_text()


def test_weights_for_other_features_are_refused():
    shipped = Weights.load(WEIGHTS)
    with pytest.raises(ValueError, match="weights are for"):
        replace(shipped, features=shipped.features[1:]).chances([["a"]])


def test_a_file_without_weights_is_refused(tmp_path):
    np.savez(tmp_path / "empty.npz", words=np.zeros(1))
    with pytest.raises(ValueError, match="is missing"):
        Weights.load(tmp_path / "empty.npz")


def test_the_digest_is_of_the_weights_and_of_what_else_makes_scores(tmp_path):
    copy = tmp_path / "copy.npz"
    copy.write_bytes(WEIGHTS.read_bytes())
    assert digest_of(copy, "a") == digest_of(WEIGHTS, "a") != digest_of(WEIGHTS, "b")
    copy.write_bytes(WEIGHTS.read_bytes() + b"1")
    assert digest_of(copy, "a") != digest_of(WEIGHTS, "a")
