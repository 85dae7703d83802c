"""Whether a page is Chinese: pages of that script have trees and rules of their own."""

from __future__ import annotations

import numpy as np

from models.main_content.reading.blocks import Blocks
from models.text import scripts

MIN_HAN = 0.1
"""Of the characters of a Chinese page: real ones have 0.17 and more, English ones 0.007 at most."""


def is_chinese(blocks: Blocks) -> bool:
    """Whether Han characters are so much of what a page shows."""
    codes = np.minimum(blocks.codes, np.uint32(scripts.PLANES))
    return scripts.HAN.count_in(codes) >= MIN_HAN * len(codes)
