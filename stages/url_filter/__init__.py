"""URL filtering: blocklists of any size by hash, words by weight, before anything is decoded."""

from stages.url_filter.blocklist import UrlBlocklist, UrlMatch
from stages.url_filter.stage import UrlFilter, UrlReason

__all__ = ["UrlBlocklist", "UrlFilter", "UrlMatch", "UrlReason"]
