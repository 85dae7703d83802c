"""The public suffix list as a table of hashed names, from tldextract's pinned snapshot."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache

import numpy as np

from stages.hosts import normal_host
from stages.url_filter import table as url_table
from stages.url_filter.keys import UrlKeys
from stages.url_filter.table import Suffixes


def build_suffixes(rules: Iterable[str]) -> Suffixes:
    """The table of rules as the list spells them: "co.uk", "*.ck", "!www.ck"."""
    kinds: dict[str, int] = {}
    for rule in rules:
        kind = {"!": url_table.EXCEPTION, "*": url_table.WILDCARD}.get(rule[0], url_table.SUFFIX)
        name = normal_host(rule.lstrip("!*."))
        kinds[name] = kinds.get(name, 0) | kind
    texts = [name.encode()[::-1] for name in kinds]
    ends = np.cumsum([len(text) for text in texts])
    hashes = np.empty(len(texts), np.uint64)
    starts = np.concatenate([[0], ends[:-1]])
    keys = UrlKeys(np.frombuffer(b"".join(texts), np.uint8), starts, ends, ends)
    url_table.hash_whole(keys, hashes)
    table = url_table.build_table(hashes.copy())
    ranked = np.zeros(len(table.hashes), np.int64)
    ranked[np.searchsorted(table.hashes, hashes)] = list(kinds.values())
    return Suffixes(table, ranked)


@cache
def public_suffixes() -> Suffixes:
    """The snapshot that tldextract carries, private suffixes among it; no cache, no network."""
    import tldextract

    extract = tldextract.TLDExtract(suffix_list_urls=(), cache_dir=None)
    extract.include_psl_private_domains = True
    return build_suffixes(extract.tlds)
