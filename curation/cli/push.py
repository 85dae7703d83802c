"""The command that pushes shards to the Hugging Face hub."""

from __future__ import annotations

import click

from curation.cli.options import ERR, OUT, words_for_errors
from curation.errors import UsageError
from curation.inspect.printable import printable, say


@click.command()
@click.argument("folder", metavar="DIR")
@click.argument("repository", metavar="NAMESPACE/NAME")
@click.option("--revision", default="main", show_default=True, help="The branch to push to.")
@click.option("--public", is_flag=True, help="Let a data set that is created be seen by all.")
@click.option("--endpoint", default="", help="Another hub than the public one.")
@words_for_errors
def push(folder: str, repository: str, revision: str, endpoint: str, *, public: bool) -> None:
    """Push the shards in DIR, with their card, to a data set of the Hugging Face hub.

    They are verified first. What is there already is not sent again, so a push that broke off goes
    on. The token is HF_TOKEN, or that of `hf auth login`.
    """
    from huggingface_hub import get_token

    from curation.publishing.hub import Destination
    from curation.publishing.hub import push as push_folder

    token = get_token()
    if not token:
        raise UsageError("no token of the hub: set HF_TOKEN, or `hf auth login`")
    destination = Destination(repository, revision, public, endpoint, token)
    done = push_folder(folder, destination, lambda line: say(ERR, printable(line)))
    counts = f"{done.sent:,} sent, {done.there:,} there already, {done.deleted:,} deleted"
    say(OUT, printable(f"{repository}: {counts}"))
