import random

import pytest

from curation.training.corruptions import CORRUPTIONS
from tests.models.texts import CHINESE


@pytest.mark.parametrize("kind", CORRUPTIONS)
def test_a_corruption_is_the_same_for_the_same_seed_and_never_the_text(kind):
    made = [CORRUPTIONS[kind](CHINESE, random.Random(3)) for _ in range(2)]
    assert made[0] == made[1] != CHINESE
