"""A sample of a run's documents to be labelled: drawn by lot, in strata, with a cap for each site.

Three draws, each uniform among what the one before left, give every document a known chance:
the first documents of each stratum (so that no more is held than eight times the sample), of these
the first of each site, of these as many as are wanted. The weight is one over the chance. All draws
hang on the seed and the document's id alone, so that parts, their order and retries change nothing.
"""

from __future__ import annotations

import heapq
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from curation.errors import UsageError
from curation.labelling.run_documents import Ended
from curation.labelling.strata import Bins, Strata, Stratum, allocate, choose_strata, finest
from stages.lottery import draw

POOL = 8
"""How many documents are held for each that a stratum is to give, for the cap to choose among."""


@dataclass(frozen=True, slots=True)
class Drawn:
    """A document of the sample; it stands for ``weight`` documents of the run."""

    document: Ended
    stratum: Stratum
    weight: float


@dataclass(frozen=True, slots=True)
class Sample:
    """What was drawn, in the order in which it is to be labelled, out of how many documents."""

    drawn: tuple[Drawn, ...]
    population: int
    strata: int


@dataclass(frozen=True, slots=True)
class _Chance:
    """A document that is still in the draw, with its weight so far."""

    document: Ended
    weight: float


Draw = Callable[[Ended], tuple[int, str, int]]
"""The place of a document in one draw; equal documents have equal places."""


def draw_sample(
    documents: Callable[[], Iterable[Ended]],
    threshold: float,
    size: int,
    max_per_site: int,
    seed: int,
) -> Sample:
    """Draw ``size`` documents, or as many as ``max_per_site`` leaves.

    ``documents`` is called twice: to count the strata, and to draw from them. Raises UsageError
    where there are none.
    """
    bins = Bins(threshold)
    fine = Counter(finest(document, bins) for document in documents())
    if not fine:
        raise UsageError("the run has no document with a text: there is nothing to label")
    strata = choose_strata(fine, bins, size)
    sizes = Counter[Stratum]()
    for stratum, count in fine.items():
        sizes[strata.coarse(stratum)] += count
    wanted = allocate(sizes, sizes, bins, size)
    pools = _pool(documents(), strata, wanted, _lottery(seed, "pool"))
    held = {
        stratum: [_Chance(document, sizes[stratum] / len(pool)) for document in pool]
        for stratum, pool in pools.items()
    }
    capped = _cap(held, max_per_site, _lottery(seed, "site"))
    available = {stratum: len(chances) for stratum, chances in capped.items()}
    drawn = []
    for stratum, count in allocate(available, sizes, bins, size).items():
        drawn += _choose(stratum, capped[stratum], count, _lottery(seed, "sample"))
    order = _lottery(seed, "order")
    drawn.sort(key=lambda one: order(one.document))
    return Sample(tuple(drawn), sizes.total(), len(sizes))


def _lottery(seed: int, name: str) -> Draw:
    def place(document: Ended) -> tuple[int, str, int]:
        key = draw(seed, document.doc_id, "label", name)
        return key, document.doc_id, document.position

    return place


def _pool(
    documents: Iterable[Ended], strata: Strata, wanted: Mapping[Stratum, int], lottery: Draw
) -> dict[Stratum, list[Ended]]:
    """The first documents of each stratum in a draw, ``POOL`` for each that is wanted of it."""
    heaps: dict[Stratum, list[tuple[tuple[int, str, int], Ended]]] = {}
    for document in documents:
        stratum = strata.of(document)
        key, ident, position = lottery(document)
        entry = (-key, ident, position), document  # a heap gives its least: the last of the draw
        heap = heaps.setdefault(stratum, [])
        if len(heap) < POOL * wanted.get(stratum, 0):
            heapq.heappush(heap, entry)
        elif heap and entry[0] > heap[0][0]:
            heapq.heapreplace(heap, entry)
    return {stratum: [document for _, document in heap] for stratum, heap in heaps.items() if heap}


def _cap(
    pools: Mapping[Stratum, list[_Chance]], max_per_site: int, lottery: Draw
) -> dict[Stratum, list[_Chance]]:
    """The first documents of each site, over all strata; those of no known site all stay."""
    sites: dict[str, list[tuple[Stratum, _Chance]]] = {}
    for stratum, chances in pools.items():
        for chance in chances:
            site = chance.document.site or f"{chance.document.doc_id} without a site"
            sites.setdefault(site, []).append((stratum, chance))
    left: dict[Stratum, list[_Chance]] = {}
    for members in sites.values():
        members.sort(key=lambda member: lottery(member[1].document))
        kept = members[:max_per_site]
        factor = len(members) / len(kept)
        for stratum, chance in kept:
            weight = chance.weight * factor
            left.setdefault(stratum, []).append(_Chance(chance.document, weight))
    return left


def _choose(stratum: Stratum, chances: list[_Chance], count: int, lottery: Draw) -> list[Drawn]:
    """The first documents of a stratum in the last draw."""
    chances = sorted(chances, key=lambda chance: lottery(chance.document))
    factor = len(chances) / count
    return [Drawn(one.document, stratum, one.weight * factor) for one in chances[:count]]
