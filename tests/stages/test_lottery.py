import hashlib
import itertools
import math

from stages.lottery import DRAW_BITS, draw, highest_of

IDS = [f"{number:032x}" for number in range(8_000)]


def test_a_draw_is_the_head_of_a_blake2b_over_seed_and_names():
    digest = hashlib.blake2b(b"7/00ff/identity", digest_size=8).hexdigest()
    assert draw(7, "00ff", "identity") == int(digest, 16) // 2


def test_the_draws_of_finished_exports_never_change():
    assert draw(1, "0123456789abcdef0123456789abcdef", 0) == 9_126_161_860_774_640_191
    assert draw(0, "你好", 3) == 8_573_360_247_412_604_974


def test_draws_are_spread_evenly():
    draws = [draw(1, one, "identity") for one in IDS]
    assert min(draws) >= 0
    assert max(draws) < 1 << DRAW_BITS
    eighths = [sum(d >> (DRAW_BITS - 3) == n for d in draws) for n in range(8)]
    spread = math.sqrt(len(IDS) * 1 / 8 * 7 / 8)
    assert all(abs(count - 1_000) < 5 * spread for count in eighths)


def test_what_is_drawn_for_and_the_seed_change_who_is_drawn():
    half = highest_of(0.5)
    drawn = [
        {one for one in IDS if draw(seed, one, purpose) <= half}
        for seed in (1, 2)
        for purpose in ("identity", "balance", 0)
    ]
    spread = math.sqrt(len(IDS) / 4 * 3 / 4)
    for one, other in itertools.combinations(drawn, 2):
        assert abs(len(one & other) - len(IDS) / 4) < 5 * spread


def test_the_lowest_share_of_the_draws_is_that_share():
    draws = [draw(3, one, "semantic_dedup") for one in IDS]
    for share in (0.0, 0.01, 0.3, 1.0):
        passed = sum(d <= highest_of(share) for d in draws)
        assert abs(passed - share * len(IDS)) <= 5 * math.sqrt(len(IDS) * share * (1 - share))
