"""Every stage by its name: ours, and those of other packages.

A stage of ours is its file, one line here, its test, and configuration. Any other one is named by
its class, ``my_package.stages:MaxLength``, or by its name, if its package offers it in the entry
point group ``curation.stages``.
"""

from __future__ import annotations

from collections.abc import Mapping

from conf.references import Registry
from stages.balance import Balance
from stages.base import Stage
from stages.category import Category
from stages.clutter import Clutter
from stages.decontaminate import Decontaminate
from stages.extract import Extract
from stages.fuzzy_dedup import FuzzyDedup
from stages.identity import Identity
from stages.language import Language
from stages.line_dedup import LineDedup
from stages.opt_out import OptOut
from stages.page_type import PageType
from stages.payload_dedup import PayloadDedup
from stages.privacy import Privacy
from stages.quality import Quality
from stages.rules import Rules
from stages.safety import Safety
from stages.semantic_dedup import SemanticDedup
from stages.site_share import SiteShare
from stages.url_filter import UrlFilter

STAGES: Mapping[str, type[Stage]] = {
    stage.name: stage
    for stage in (
        UrlFilter,
        OptOut,
        PayloadDedup,
        Extract,
        Language,
        Decontaminate,
        Identity,
        LineDedup,
        Rules,
        Privacy,
        FuzzyDedup,
        PageType,
        Clutter,
        Quality,
        Safety,
        SemanticDedup,
        Category,
        SiteShare,
        Balance,
    )
}
"""Those of this project. Their names mean them, whatever else is installed."""

KNOWN_STAGES: Registry[Stage] = Registry(
    "a stage",
    Stage,  # type: ignore[type-abstract] # mypy has no word for a class that may be abstract
    STAGES,
    group="curation.stages",
    # What no stage has judged is removed and quarantined by this name.
    reserved=dict.fromkeys(("source", "takedown"), "the engine's own"),
    attributes={"reads": "does not say which columns it reads"},
)
