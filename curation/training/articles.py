"""Chinese articles in Markdown, as the text that extraction would give of their pages."""

from __future__ import annotations

import gzip
import json
import re
from pathlib import Path

from models.text.shape import is_chinese

SOURCE = Path("corpus") / "lctt_zh_sample.jsonl.gz"

NOT_SHOWN = re.compile(r"!\[[^\]]*\]\([^)]*\)|^[-=*_ ]{3,}$|^```.*$|^\[\S+\]:.*$", re.MULTILINE)
LINK = re.compile(r"\[([^\]]*)\](?:\([^)]*\)|\[[^\]]*\])")
STRESS = re.compile(r"[*_`]{1,3}(\S[^*_`\n]*)[*_`]{1,3}")
LEADER = re.compile(r"^#+ |^> ?", re.MULTILINE)


def plain(markdown: str) -> str:
    r"""Markdown without marks, rules, images and link targets, a line for each that is shown.

    >>> plain("# Head\n\nA *good* [link](http://x)\n---")
    'Head\nA good link'
    """
    text = STRESS.sub(r"\1", LINK.sub(r"\1", NOT_SHOWN.sub("", markdown)))
    lines = (line.strip() for line in LEADER.sub("", text).split("\n"))
    return "\n".join(line for line in lines if line)


def chinese_articles(data: Path) -> list[str]:
    """LCTT's articles that are mostly in Chinese, in the order of the file."""
    rows = gzip.decompress((data / SOURCE).read_bytes()).splitlines()
    texts = (plain(json.loads(row)["text"]) for row in rows)
    return [text for text in texts if is_chinese(text)]
