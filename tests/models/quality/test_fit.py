import json

import numpy as np
import pytest

from models.quality.fit import Example, fit, report
from models.text.languages import KNOWN
from tests.models.texts import CHINESE, CHINESE_MENU, ENGLISH, ENGLISH_MENU

pytest.importorskip("sklearn")
TEXTS = {"en": (ENGLISH, ENGLISH_MENU), "zh": (CHINESE, CHINESE_MENU)}


@pytest.mark.parametrize(("language", "own"), [("en", "long_words"), ("zh", "spaced_han")])
def test_each_language_has_its_features_and_learns_good_from_bad(language, own):
    good, bad = TEXTS[language]
    examples = [
        Example(f"{(good, bad)[n % 2]}\n{n}", n % 2 == 0, ("votes", "menus")[n % 2], f"group {n}")
        for n in range(20)
    ]
    made = fit(examples, KNOWN.records[language])
    [(label, (_, weights))] = made.weights.items()
    assert label == "good"
    assert own in weights
    assert (made.about["texts"], made.about["good"], made.about["auc"]) == (20, 10, 1.0)
    json.dumps(made.about)


def test_each_kind_of_bad_text_stands_against_all_good_ones():
    good = np.array([True, True, False, False])
    kinds = np.array(["votes", "votes", "spam", "menus"])
    found = report(good, kinds, np.array([0.9, 0.4, 0.5, 0.1]))
    assert found.auc_by_kind == {"menus": 1.0, "spam": 0.5}
    assert found.auc == 0.75
    [cost] = [cost for cost in found.costs if cost.threshold == 0.5]
    assert (cost.good_removed, cost.bad_removed) == (0.5, 0.5)
