"""Every stage by its name. A new stage is its file, one line here, its test, and configuration."""

from __future__ import annotations

from collections.abc import Mapping

from stages.balance import Balance
from stages.base import Stage
from stages.category import Category
from stages.clutter import Clutter
from stages.extract import Extract
from stages.fuzzy_dedup import FuzzyDedup
from stages.identity import Identity
from stages.language import Language
from stages.line_dedup import LineDedup
from stages.page_type import PageType
from stages.payload_dedup import PayloadDedup
from stages.privacy import Privacy
from stages.quality import Quality
from stages.rules import Rules
from stages.semantic_dedup import SemanticDedup
from stages.url_filter import UrlFilter

STAGES: Mapping[str, type[Stage]] = {
    stage.name: stage
    for stage in (
        UrlFilter,
        PayloadDedup,
        Extract,
        Language,
        Identity,
        LineDedup,
        Rules,
        Privacy,
        FuzzyDedup,
        PageType,
        Clutter,
        Quality,
        SemanticDedup,
        Category,
        Balance,
    )
}
