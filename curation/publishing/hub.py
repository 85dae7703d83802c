"""Shards pushed to the Hugging Face hub: what verifies, file by file, the card and manifest last.

A push that breaks off leaves shards without a card and ``manifest.json``, or with former ones; the
next push sends what is not there yet. What a former push has left and this one has not, goes.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from curation.errors import DamageError, StorageError, UsageError
from curation.inspect.copies import DATA, beside, read_manifest, verify_copy
from curation.storage import StoredFile
from curation.storage.grouping import group_neighbours
from curation.storage.stores import is_uri

if TYPE_CHECKING:
    from huggingface_hub import HfApi
    from huggingface_hub.errors import HfHubHTTPError

COMMIT_BYTES = 1 << 30
"""Of shards that are sent together: so much is sent again at most after a push broke off."""

_UNAUTHORISED, _FORBIDDEN, _NOT_FOUND, _SERVER_FAULT = 401, 403, 404, 500


@dataclass(frozen=True)
class Destination:
    """A data set of a hub. ``token`` is never shown; ``endpoint`` "" is the hub's own."""

    repository: str
    revision: str = "main"
    is_public: bool = False
    endpoint: str = ""
    token: str = ""

    def __repr__(self) -> str:
        return f"Destination({self.repository!r}, {self.revision!r}, {self.endpoint!r})"


@dataclass(frozen=True)
class Pushed:
    """What became of a push: files that were sent, were there already, were deleted."""

    sent: int
    there: int
    deleted: int


def push(folder: str, destination: Destination, tell: Callable[[str], None]) -> Pushed:
    """Push a folder of shards; ``tell`` hears of each file as it is sent.

    Raises DamageError for a folder that does not verify, UsageError for what the hub refuses, and
    StorageError where it cannot be reached or fails.
    """
    if is_uri(folder):
        raise UsageError(f"{folder}: only a folder of this machine can be pushed: copy it here")
    _refuse_damaged(folder)
    files = read_manifest(folder).files
    with _in_words(destination):
        api = _connect(destination)
        known = _known(api, destination)
        lacking = [file for file in files if known.get(file.name) != file.sha256]
        for group in group_neighbours(lacking, lambda file: file.bytes, COMMIT_BYTES):
            tell(f"sending {', '.join(file.name for file in group)}")
            _commit(api, destination, folder, [file.name for file in group], [])
        stale = _stale(files, known)
        last = beside(folder)
        tell(f"sending {', '.join(last)}")
        _commit(api, destination, folder, last, stale)
    return Pushed(len(lacking) + len(last), len(files) - len(lacking), len(stale))


def _refuse_damaged(folder: str) -> None:
    found = verify_copy(folder)
    if found.faults:
        shown = "\n".join(found.faults)
        raise DamageError(f"{shown}\n{folder}: does not verify, and nothing was pushed")


def _connect(destination: Destination) -> HfApi:
    from huggingface_hub import HfApi

    api = HfApi(endpoint=destination.endpoint or None, token=destination.token)
    api.create_repo(
        destination.repository,
        repo_type="dataset",
        private=not destination.is_public,
        exist_ok=True,
    )
    return api


def _known(api: HfApi, destination: Destination) -> dict[str, str]:
    """The files that are there, with the SHA-256 of those that are stored by it."""
    from huggingface_hub.hf_api import RepoFile

    tree = api.list_repo_tree(
        destination.repository, repo_type="dataset", revision=destination.revision
    )
    files = [one for one in tree if isinstance(one, RepoFile)]
    return {one.path: one.lfs.sha256 if one.lfs else "" for one in files}


def _stale(files: Sequence[StoredFile], known: dict[str, str]) -> list[str]:
    names = {file.name for file in files}
    return sorted(name for name in known if DATA.fullmatch(name) and name not in names)


def _commit(
    api: HfApi,
    destination: Destination,
    folder: str,
    names: Sequence[str],
    stale: Sequence[str],
) -> None:
    from huggingface_hub import CommitOperationAdd, CommitOperationDelete

    added = [CommitOperationAdd(name, str(Path(folder) / name)) for name in names]
    api.create_commit(
        destination.repository,
        [*added, *(CommitOperationDelete(name) for name in stale)],
        commit_message=f"Add {names[0]}" + (f" and {len(names) - 1} more" if names[1:] else ""),
        repo_type="dataset",
        revision=destination.revision,
    )


@contextmanager
def _in_words(destination: Destination) -> Iterator[None]:
    """Say in one line what the hub refused or failed at, without the token."""
    from httpx2 import HTTPError
    from huggingface_hub.errors import HfHubHTTPError, HFValidationError

    try:
        yield
    except HFValidationError as error:
        raise UsageError(f"{destination.repository}: is no name of a data set: {error}") from None
    except (HTTPError, OSError, RuntimeError, ValueError) as error:
        cause = error.__cause__ or error if isinstance(error, RuntimeError) else error
        if isinstance(cause, HfHubHTTPError):
            raise _refused(destination, cause) from None
        words = _plain(str(cause), destination)
        raise StorageError(f"{_place(destination)}: {words}: {_AGAIN}") from None


_AGAIN = "push again, which sends what is not there yet"


def _refused(destination: Destination, error: HfHubHTTPError) -> UsageError | StorageError:
    status, place = error.response.status_code, _place(destination)
    said = _plain(error.server_message or "", destination)
    why = f"{status}{': ' * bool(said)}{said}"
    if status == _UNAUTHORISED:
        return UsageError(f"{place}: does not know the token ({why}): set HF_TOKEN to a valid one")
    if status == _FORBIDDEN:
        rule = "use a token that may write there"
        return UsageError(f"{place}: the token may not write there ({why}): {rule}")
    if status == _NOT_FOUND:
        rule = "look at its name, at --revision, and at whether the token may see it"
        return UsageError(f"{place}: is not there ({why}): {rule}")
    if status >= _SERVER_FAULT:
        return StorageError(f"{place}: the hub fails ({why}): {_AGAIN}")
    return UsageError(f"{place}: was refused ({why})")


def _place(destination: Destination) -> str:
    where = f" at {destination.endpoint}" if destination.endpoint else ""
    return f"{destination.repository}{where}"


def _plain(text: str, destination: Destination) -> str:
    hidden = text.replace(destination.token, "***") if destination.token else text
    return " ".join(hidden.split())[:300]
