"""Train the main-content model: ``python -m curation.training.main_content DATA OUT``.

Its labels are per block, so its examples are made where it is asked: extraction decodes, parses,
applies site rules and finds the title as it does in a pipeline, and hands page and title to a
finder that makes an example of them. Sites that are held out are not trained on;
``benchmarks.extraction --held-out`` scores them.
"""

from __future__ import annotations

from pathlib import Path

import click

from conf import locate
from curation.cli.options import words_for_errors
from curation.config import load_config
from curation.errors import UsageError
from curation.training.confidence import fit_to, guess_out_of_fold
from curation.training.extraction import extraction_tools
from curation.training.main_text_examples import learn_from, train_on
from curation.training.options import CONF, DATA, OUT
from models.main_content import CONFIDENCE, EMBEDDED
from models.main_content.fit import MIN_SITES
from models.main_content.rounds import save


@click.command()
@DATA
@OUT
@CONF
@words_for_errors
def main(data: Path, out: Path, conf: str) -> None:
    """Train on the labelled pages of DATA and write weights and confidence into the folder OUT."""
    tools = extraction_tools(load_config(locate(conf)))
    learnt = learn_from(data, tools)
    sites = {one.page.site for one in learnt}
    if len(sites) < MIN_SITES:
        raise UsageError(
            f"{data}: {len(learnt)} pages to learn from, of {len(sites)} sites: add pages until "
            f"there are {MIN_SITES}"
        )
    click.echo(f"{len(learnt)} pages of {len(sites)} sites")
    out.mkdir(parents=True, exist_ok=True)
    save(*train_on(learnt, tools), out / EMBEDDED.name)
    fit_to(guess_out_of_fold(learnt, tools)).write(out / CONFIDENCE)


if __name__ == "__main__":
    main()
