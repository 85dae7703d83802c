"""Target shares of the corpus: by class, group of classes, kind, page type, or a set of those."""

from __future__ import annotations

import difflib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from models.taxonomy import ClassKind, Taxonomy
from stages.balance.cells import Content

OTHERS = ""
"""The name of all that has no target."""
PAGE_TYPE = "page_type:"
"""Before the name of a page type, in that of a target."""


@dataclass(frozen=True)
class Targets:
    """Which share of every language each target has, and whose documents count towards it.

    ``members`` has the target of every class, group, kind and page type that one names. A document
    counts towards one target alone: that of its class, or else of its group, its kind, its page
    type, or else none.
    """

    taxonomy: Taxonomy
    shares: Mapping[str, Fraction]
    members: Mapping[str, str]

    def of(self, content: Content) -> str:
        """The target that a document counts towards, ``OTHERS`` for none."""
        known = self.taxonomy.by_id[content.category]
        names = (known.id, known.group, str(known.kind), PAGE_TYPE + content.page_type)
        return next((self.members[name] for name in names if name in self.members), OTHERS)

    def share(self, target: str) -> Fraction:
        """The share that is wanted of a target; the others have what is left."""
        if target == OTHERS:
            return 1 - sum(self.shares.values(), Fraction(0))
        return self.shares[target]


def read_targets(
    taxonomy: Taxonomy, shares: Mapping[str, float], sets: Mapping[str, Sequence[str]]
) -> Targets:
    """The targets that a configuration names, and what each is made of.

    Raises ValueError for a name of nothing, one that counts towards two targets, a set without a
    target, and shares of more than 1 together.
    """
    if idle := sorted(sets.keys() - shares.keys()):
        raise ValueError(f"target_sets.{idle[0]}: has no share: add targets.{idle[0]}")
    wanted = {name: Fraction(str(share)) for name, share in shares.items()}
    if (total := sum(wanted.values(), Fraction(0))) > 1:
        raise ValueError(f"targets: are {float(total):g} together, must be 1 at most")
    known = {
        *taxonomy.by_id,
        *(one.group for one in taxonomy.classes),
        *map(str, ClassKind),
    }
    members: dict[str, str] = {}
    for target in shares:
        place = f"target_sets.{target}" if target in sets else "targets"
        for name in sets.get(target, (target,)):
            if name not in known and not _is_page_type(name):
                raise ValueError(f"{place}: {name!r} {_unknown(name, known)}")
            if other := members.get(name):
                raise ValueError(f"{place}: {name!r} counts towards {other!r} already")
            members[name] = target
    return Targets(taxonomy, wanted, members)


def names_page_types(shares: Mapping[str, float], sets: Mapping[str, Sequence[str]]) -> bool:
    """Whether some target goes by page types."""
    return any(_is_page_type(name) for target in shares for name in sets.get(target, (target,)))


def _is_page_type(name: str) -> bool:
    return name.startswith(PAGE_TYPE) and name != PAGE_TYPE


def _unknown(name: str, known: set[str]) -> str:
    near = difflib.get_close_matches(name, sorted(known), n=1)
    hint = f"; did you mean {near[0]!r}?" if near else ""
    return f"is no class, group or kind of the taxonomy, and no {PAGE_TYPE}NAME{hint}"
