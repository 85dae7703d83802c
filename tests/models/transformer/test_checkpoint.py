"""Checkpoints are checked and digested by their files, without loading them."""

import json
import re
import sys

import pytest

from models.transformer.checkpoint import find_checkpoint


def write(folder, **files):
    folder.mkdir(exist_ok=True)
    for name, content in files.items():
        (folder / f"{name}.json").write_text(json.dumps(content))
    return find_checkpoint(str(folder))


def test_labels_stand_in_the_order_of_their_numbers(tmp_path):
    config = {"id2label": {"10": "k", "2": "c", "0": "a"}}
    assert write(tmp_path, config=config).labels == ("a", "c", "k")
    assert write(tmp_path, config={}).labels == ()


def test_the_digest_follows_names_and_contents_of_all_files(tmp_path):
    digests = {
        write(tmp_path / "a", config={}).digest,
        write(tmp_path / "b", config={"x": 1}).digest,
        write(tmp_path / "c", weights={}).digest,
        write(tmp_path / "d", config={}, weights={}).digest,
    }
    assert len(digests) == 4
    assert write(tmp_path / "e", config={}).digest in digests


def test_the_first_known_label_counts(tmp_path):
    checkpoint = write(tmp_path, config={"id2label": {"0": "bad", "1": "LABEL_1", "2": "good"}})
    assert checkpoint.label_among(("good", "LABEL_1")) == "good"
    with pytest.raises(ValueError, match=re.escape("one of ['main'] must be among them")):
        checkpoint.label_among(("main",))


@pytest.mark.parametrize("content", [None, "{", "[1]", '{"id2label": ["a"]}'])
def test_a_folder_without_a_readable_configuration_is_no_checkpoint(tmp_path, content):
    if content is not None:
        (tmp_path / "config.json").write_text(content)
    with pytest.raises(ValueError, match="is not a checkpoint that can be loaded"):
        _ = find_checkpoint(str(tmp_path)).labels


def test_what_is_neither_a_folder_nor_a_name_of_the_hub_is_told_in_one_line(tmp_path):
    pytest.importorskip("huggingface_hub")
    name = str(tmp_path / "absent")
    with pytest.raises(ValueError, match=f"model '{name}' is not a checkpoint") as raised:
        find_checkpoint(name)
    assert "\n" not in str(raised.value)


def test_without_the_hub_package_the_error_says_what_to_install(monkeypatch):
    monkeypatch.setitem(sys.modules, "huggingface_hub", None)
    with pytest.raises(ImportError, match="install the models extra"):
        find_checkpoint("some/name")
