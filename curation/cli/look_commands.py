"""What the commands do that look at the pages of finished runs."""

from __future__ import annotations

from rich.console import Console


def tell_story(
    query: str, root: str, pipeline: str | None, batch: str | None, out: Console
) -> None:
    """Print the story of every capture of a page in the batches that are meant."""
    from curation.inspect.run_files import runs_of
    from curation.inspect.why import lines, tell

    for story in tell(runs_of(root, pipeline, batch), query):
        for line in lines(story):
            out.print(line, highlight=False, markup=False, soft_wrap=True)
