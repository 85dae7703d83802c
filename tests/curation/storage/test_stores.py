"""No credentials get into what a run records."""

import pytest

from curation.errors import UsageError
from curation.storage.stores import open_input, refuse_credentials, resolve


@pytest.mark.parametrize(
    "uri",
    [
        "s3://AKIAXXXX:hunter2@bucket/runs",
        "s3://bucket/runs?access_key=AKIAXXXX&secret_key=hunter2",
        "s3://bucket/runs?region=eu&session_token=hunter2",
        "gs://user:hunter2@bucket/a",
        "abfs://bucket/a?account_PASSWORD=hunter2",
    ],
)
def test_an_address_with_credentials_is_refused_and_not_repeated(uri):
    with pytest.raises(UsageError, match="holds credentials") as error:
        resolve(uri)
    assert "hunter2" not in str(error.value)
    assert "AKIA" not in str(error.value)


@pytest.mark.parametrize(
    "uri",
    [
        *("s3://bucket/runs", "s3://bucket/a@b:c/d", "s3://bucket/x?region=eu-west-1"),
        *("hdfs://user@host:8020/runs", "file:///tmp/x", "s3://bucket/secret=1/part"),
    ],
)
def test_any_other_address_is_taken(uri):
    refuse_credentials(uri)


@pytest.mark.parametrize("read_ahead", [True, False])
@pytest.mark.parametrize("scheme", ["", "file://"])
def test_a_file_is_read_from_any_place(tmp_path, scheme, read_ahead):
    (tmp_path / "file").write_bytes(b"0123456789")
    with open_input(f"{scheme}{tmp_path}/file", read_ahead=read_ahead) as file:
        assert file.read(4) == b"0123"
        file.seek(2)
        assert file.read() == b"23456789"
