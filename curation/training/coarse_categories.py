"""The classes that answer a coarse label of another collection."""

from __future__ import annotations

from collections.abc import Mapping

from conf import locate
from models.taxonomy import read_taxonomy

THUCNEWS: Mapping[str, str] = {
    "finance": "funds_investment commodities_futures banking_finance economic_news insurance "
    "stock_market",
    "realty": "real_estate_market property_listing home_decoration",
    "stocks": "stock_market economic_news commodities_futures financial_disclosure",
    "education": "@education",
    "science": "technology_news consumer_electronics photography @computing @natural_science "
    "@engineering",
    "society": "society_news crime_courts_news disasters_accidents",
    "politics": "world_news domestic_politics international_relations military_news "
    "disasters_accidents crime_courts_news political_science government_notice",
    "sports": "@sports",
    "game": "video_games game_guides mobile_apps anime_comics",
    "entertainment": "celebrity_news film television music theatre_dance lyrics relationships",
}


def answers(mapping: Mapping[str, str]) -> Mapping[str, frozenset[str]]:
    """The classes that answer each label; ``@group`` stands for all classes of a group.

    Raises ValueError for a class or group that the taxonomy has not.
    """
    classes = read_taxonomy(locate("taxonomy.toml")).classes
    ids = {one.id for one in classes}
    groups = {one.group for one in classes}
    expanded = {}
    for label, wanted in mapping.items():
        right: set[str] = set()
        for name in wanted.split():
            if name[0] == "@":
                if name[1:] not in groups:
                    raise ValueError(f"{label}: no group {name}")
                right |= {one.id for one in classes if one.group == name[1:]}
            elif name in ids:
                right.add(name)
            else:
                raise ValueError(f"{label}: no class {name}")
        expanded[label] = frozenset(right)
    return expanded
