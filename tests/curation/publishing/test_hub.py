"""Pushes to a hub on this machine."""

import pytest

from curation.errors import StorageError, UsageError
from curation.publishing import hub as publishing
from curation.publishing.hub import Destination, push
from tests.commands import curate, message, output
from tests.curation.outputs.made_exports import make_export
from tests.curation.publishing.stub_hub import StubHub

TOKEN = "hf_verysecretverysecret"
FILES = {"shard-00000-of-00002.parquet", "shard-00001-of-00002.parquet"}
BESIDE = {"README.md", "manifest.json", "configuration.json"}


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "shards").mkdir()
    return make_export(tmp_path / "shards")


@pytest.fixture
def hub(monkeypatch):
    constants = pytest.importorskip("huggingface_hub.constants")
    monkeypatch.setattr(constants, "HF_HUB_DISABLE_XET", True)
    monkeypatch.setattr(constants, "HF_HUB_OFFLINE", False)
    monkeypatch.setattr("huggingface_hub.utils._http.time.sleep", lambda _: None)
    monkeypatch.setenv("HF_TOKEN", TOKEN)
    stub = StubHub()
    yield stub
    stub.close()


def destination(hub):
    return Destination("me/tea", endpoint=hub.endpoint, token=TOKEN)


def curate_push(folder, hub):
    return curate("push", folder, "me/tea", "--endpoint", hub.endpoint)


def test_the_hub_holds_what_the_folder_holds(folder, hub):
    said = output("push", folder, "me/tea", "--endpoint", hub.endpoint)
    assert "me/tea: 5 sent, 0 there already, 0 deleted" in said
    there = {name: hub.objects[oid] for name, oid in hub.files.items()}
    assert there == {name: (folder / name).read_bytes() for name in FILES | BESIDE}
    assert TOKEN in hub.tokens


def test_a_second_push_sends_no_shard_again(folder, hub):
    push(str(folder), destination(hub), lambda _: None)
    hub.uploads.clear()
    again = push(str(folder), destination(hub), lambda _: None)
    assert (again.there, hub.uploads) == (2, [])


def test_a_push_that_broke_off_goes_on_and_looks_unfinished_till_then(folder, hub, monkeypatch):
    monkeypatch.setattr(publishing, "COMMIT_BYTES", 1)
    second = (folder / "shard-00001-of-00002.parquet").read_bytes()
    hub.refusals = {f"/store/{publishing_sha(second)}": 503}
    with pytest.raises(StorageError, match="push again"):
        push(str(folder), destination(hub), lambda _: None)
    assert set(hub.files) == {"shard-00000-of-00002.parquet"}
    hub.refusals = {}
    done = push(str(folder), destination(hub), lambda _: None)
    assert (done.sent, done.there) == (4, 1)
    assert len(hub.uploads) == len(set(hub.uploads))
    assert set(hub.files) == FILES | BESIDE


def publishing_sha(data):
    import hashlib

    return hashlib.sha256(data).hexdigest()


def test_shards_of_a_former_push_go(folder, hub, tmp_path):
    (tmp_path / "former").mkdir()
    former = make_export(tmp_path / "former", shards=4)
    push(str(former), destination(hub), lambda _: None)
    done = push(str(folder), destination(hub), lambda _: None)
    assert done.deleted == 4
    assert set(hub.files) == FILES | BESIDE


def test_what_does_not_verify_is_not_pushed(folder, hub):
    path = folder / "shard-00001-of-00002.parquet"
    path.write_bytes(path.read_bytes()[:-1])
    ran = curate_push(folder, hub)
    assert ran.exit_code == 7
    assert "does not verify, and nothing was pushed" in ran.stderr
    assert hub.tokens == set()


@pytest.mark.parametrize(
    ("path", "status", "code", "words"),
    [
        ("/api/", 401, 2, "does not know the token (401"),
        ("/api/", 403, 2, "the token may not write there (403"),
        ("/tree/", 404, 2, "is not there (404"),
        ("/commit/", 500, 8, "the hub fails (500"),
        ("/objects/batch", 503, 8, "the hub fails (503"),
    ],
)
def test_a_refusal_is_one_line_without_the_token(folder, hub, path, status, code, words):
    hub.refusals = {path: status}
    ran = curate_push(folder, hub)
    assert ran.exit_code == code
    assert words in message(ran)
    assert TOKEN not in ran.output


def test_a_hub_out_of_reach_is_one_line(folder, hub):
    hub.close()
    ran = curate_push(folder, hub)
    assert ran.exit_code == 8
    assert "push again" in message(ran)


def test_no_token_is_said_before_anything_is_sent(folder, hub, monkeypatch):
    monkeypatch.setattr("huggingface_hub.get_token", lambda: None)
    assert "set HF_TOKEN" in message(curate_push(folder, hub))
    assert hub.tokens == set()


def test_a_destination_does_not_show_its_token(hub):
    assert TOKEN not in repr(destination(hub))


def test_a_bad_name_is_a_usage_error(folder, hub):
    with pytest.raises(UsageError, match="no name of a data set"):
        push(str(folder), Destination("a/b/c", endpoint=hub.endpoint, token=TOKEN), print)
