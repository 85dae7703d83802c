"""Sites to hold back: what is learnt from some is judged on others."""

from __future__ import annotations

from collections.abc import Collection

from curation.errors import UsageError
from models.finetuning.cross_validation import MIN_SITES
from models.linear.fit import FOLDS, fold_of


def refuse_few_sites(what: str, sites: Collection[str], remedy: str, *, folds: int = FOLDS) -> None:
    """Raise UsageError where the sites are too few, or all of one fold."""
    found = {fold_of(site, folds) for site in sites}
    if len(sites) < MIN_SITES or len(found) < 2:  # noqa: PLR2004
        raise UsageError(
            f"{what} {len(sites)} sites in {len(found)} of {folds} folds: at least {MIN_SITES} "
            f"sites in two folds are needed, to learn from some and be judged on others; {remedy}"
        )
