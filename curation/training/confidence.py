"""How far the main-content trees' expectations hold on sites that they have not seen."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from curation.training.extraction import extract_by
from curation.training.labelled_pages import LabelledPage
from curation.training.main_text_examples import Learnt, train_on
from curation.training.text_score import f1_of
from models.linear.fit import fold_of
from models.main_content import MainContent
from models.main_content.confidence import Confidence, fit_confidence
from models.main_content.fit import MIN_SITES
from stages.extract import Tools

PARTS = 2


@dataclass(frozen=True, slots=True)
class Guess:
    """A page, the F1 that trees expected which had not seen its site, and the F1 that came out."""

    page: LabelledPage
    expected: float
    found: float


def guess_out_of_fold(learnt: Sequence[Learnt], tools: Tools) -> Iterator[Guess]:
    """A guess for each page that the trees are asked about.

    The sites are dealt into two parts, and the pages of each are extracted with trees that learnt
    from the other.
    """
    for part in range(PARTS):
        known = [one for one in learnt if fold_of(one.page.site, PARTS) != part]
        if len({one.page.site for one in known}) < MIN_SITES:
            continue
        model = MainContent("fold", "", *train_on(known, tools))
        for page in (one.page for one in learnt if fold_of(one.page.site, PARTS) == part):
            extraction = extract_by(model.find, page.page, tools)
            if extraction.confidence is not None:
                found = f1_of(extraction.text, page.truth, page.language)
                yield Guess(page, extraction.confidence, found)


def fit_to(guesses: Iterable[Guess]) -> Confidence:
    """The confidence that the guesses bear out."""
    pairs = [(guess.expected, guess.found) for guess in guesses]
    return fit_confidence([expected for expected, _ in pairs], [found for _, found in pairs])
