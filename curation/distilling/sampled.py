"""A sample of the documents that a stage judged in a run, as the stage was given them."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass

from curation.finetuning.documents import Document
from curation.finetuning.sites import refuse_few_sites
from curation.labelling.run_documents import JudgedRun, ends
from curation.labelling.run_texts import RunText, read_texts
from curation.labelling.sample import draw_sample


@dataclass(frozen=True, slots=True)
class SampledText:
    """A document, the counts of its markup, and how many documents of the run it stands for."""

    document: Document
    markup: Mapping[str, int | None] | None
    weight: float

    @property
    def site(self) -> str:
        """What it is held out with."""
        return self.document.held_out_with


@dataclass(frozen=True, slots=True)
class SampledRun:
    """The texts that were drawn, in the order of the draw, out of how many."""

    texts: tuple[SampledText, ...]
    population: int

    @property
    def digest(self) -> str:
        """A hash of all that was drawn."""
        found = hashlib.blake2b(digest_size=16)
        for one in self.texts:
            found.update(repr(one).encode("utf-8", "surrogatepass"))
        return found.hexdigest()


def sample_run(run: JudgedRun, size: int, max_per_site: int, seed: int) -> SampledRun:
    """Draw as `curate label export` does, among the documents that the task's stage judged.

    Raises UsageError where there are none, and where they are of too few sites to hold some back.
    """
    threshold = run.task.scored_by.threshold(run.stage.configuration)
    drawn = draw_sample(
        lambda: (one for one in ends(run) if one.score is not None),
        *(threshold, size, max_per_site, seed),
    )
    weights = {(one.document.doc_id, one.document.position): one.weight for one in drawn.drawn}
    found = {
        (one.ended.doc_id, one.ended.position): one
        for one in read_texts(run, [one.document for one in drawn.drawn])
        if one.text.strip()
    }
    texts = tuple(_sampled(found[key], weight) for key, weight in weights.items() if key in found)
    sites = {one.site for one in texts}
    refuse_few_sites(f"the sample has {len(texts)} texts of", sites, "take a run of more sites")
    return SampledRun(texts, drawn.population)


def _sampled(found: RunText, weight: float) -> SampledText:
    ended = found.ended
    document = Document(
        ended.doc_id, found.text, found.url, found.title, ended.language, ended.site
    )
    return SampledText(document, found.markup, weight)
