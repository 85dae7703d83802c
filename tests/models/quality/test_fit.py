import json

import numpy as np
import pytest

from models.quality.fit import Example, Role, fit, mass_of, report, with_joined
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
    [(label, weights)] = made.weights.items()
    assert label == "good"
    assert own in weights.by_feature
    assert len(weights.by_dimension) == 512
    assert (made.about["texts"], made.about["good"], made.about["auc"]) == (20, 10, 1.0)
    json.dumps(made.about)


def test_each_kind_of_bad_text_stands_against_all_good_ones():
    good = np.array([True, True, False, False])
    kinds = np.array(["votes", "votes", "spam", "menus"])
    found = report(good, kinds, np.array(["FOUND"] * 4), np.array([0.9, 0.4, 0.5, 0.1]))
    assert found.auc_by_kind == {"menus": 1.0, "spam": 0.5}
    assert found.auc == 0.75
    [cost] = [cost for cost in found.costs if cost.threshold == 0.5]
    assert (cost.good_removed, cost.bad_removed) == (0.5, 0.5)


def test_every_third_text_is_learnt_from_on_a_single_line_too():
    examples = [Example(f"{n}\nb", True, "votes", str(n)) for n in range(4)]
    assert [(one.text, one.group) for one in with_joined(examples)[4:]] == [
        ("0 b", "0"),
        ("3 b", "3"),
    ]
    assert {one.role for one in with_joined(examples)[4:]} == {Role.JOINED}


def test_roles_share_the_weight_whatever_their_numbers():
    good = np.array([True, False, False, False, True, False])
    roles = np.array(["FOUND"] * 4 + ["WRITTEN"] * 2)
    mass = mass_of(good, roles)
    assert mass.sum() == pytest.approx(6)
    assert mass[0] == pytest.approx(mass[1:4].sum())
    assert mass[:4].sum() / mass[4:].sum() == pytest.approx(0.4 / 0.3)


def test_written_texts_and_texts_on_one_line_are_reported_apart():
    good = np.array([True, False, True, False, True, False])
    roles = np.array(["FOUND", "FOUND", "WRITTEN", "WRITTEN", "JOINED", "JOINED"])
    found = report(good, np.array(["votes"] * 6), roles, np.array([0.9, 0.1, 0.2, 0.8, 0.5, 0.5]))
    assert (found.auc, found.auc_written, found.auc_joined, found.texts) == (1.0, 0.0, 0.5, 2)
