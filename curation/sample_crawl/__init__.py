"""A crawl in Chinese and English that the project writes itself, with every fault of a real one."""

from curation.sample_crawl.crawl import TRUTH, write_sample_crawl

__all__ = ["TRUTH", "write_sample_crawl"]
