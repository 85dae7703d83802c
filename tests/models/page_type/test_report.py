import numpy as np
import pytest

from models.page_type.report import Judged, report

TYPES = ["article", "forum", "listing", "product"]


def judged(*types, languages=None, folds=None, are_pages=None):
    size = len(types)
    return Judged(
        types=np.array(types),
        languages=np.array(languages or ["en"] * size),
        sources=np.array(["wcxb"] * size),
        folds=np.array(folds or [0] * size),
        are_pages=np.array(are_pages or [True] * size),
    )


FOUR = judged("article", "forum", "listing", "product", languages=["en", "en", "en", "zh"])
SCORES = np.array([[0.8, 0.1, 0.1, 0], [0.3, 0.5, 0.2, 0], [0.6, 0.1, 0.3, 0], [0, 0, 0.9, 0.1]])


def test_the_report_is_that_of_the_scores():
    found = report(FOUR, TYPES, SCORES)
    assert (found.summary.pages, found.summary.accuracy) == (4, 0.5)
    assert found.summary.macro_f1 == pytest.approx((2 / 3 + 1 + 0 + 0) / 4, abs=1e-4)
    assert found.confusion == {
        "en": {"article": {"article": 1}, "forum": {"forum": 1}, "listing": {"article": 1}},
        "zh": {"product": {"listing": 1}},
    }
    assert found.by_language["en"].auc_kept == 1.0
    assert found.by_language["zh"].auc_kept is None
    [cost] = [cost for cost in found.costs if cost.threshold == 0.5]
    assert (cost.kept_types_removed, cost.others_removed) == (0.5, 0.5)
    assert (cost.articles_removed, cost.listings_removed) == (0.0, 0.0)


def test_listings_are_caught_at_what_costs_one_english_article_in_eighty():
    scores = np.array([[0.9, 0, 0.1, 0]] * 100 + [[0.7, 0, 0.3, 0], [0.95, 0, 0.05, 0]])
    found = report(judged(*["article"] * 100, "listing", "listing"), TYPES, scores)
    assert found.summary.listings_caught == 0.5


def test_what_was_made_has_a_row_of_its_source_and_no_other():
    one = judged("article", "forum", are_pages=[True, False])
    found = report(one, TYPES, SCORES[:2])
    assert found.summary.pages == 1
    assert found.by_source["en wcxb"].pages == 2


def test_the_threshold_of_a_fold_is_chosen_by_the_articles_of_the_others():
    one = judged("article", "article", "listing", folds=[0, 1, 1])
    scores = np.array([[0.72, 0, 0.28, 0], [0.33, 0, 0.67, 0], [0.6, 0, 0.4, 0]])
    found = report(one, TYPES, scores)
    assert found.thresholds == {"0": 0.3, "1": 0.7}
    assert found.by_language["en"].articles_removed == 0.5
    assert found.by_language["en"].others_removed == 1.0
