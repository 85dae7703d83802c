import json

import numpy as np
import pytest

from models.page_type.features import PageContent
from models.page_type.fit import Example, fit, report
from stages.extract.markup import FIELDS
from tests.models.texts import ENGLISH, ENGLISH_MENU

pytest.importorskip("sklearn")
MARKUP = {**dict.fromkeys(FIELDS, 0), "html_chars": 9000, "tags": 300}


def examples(count=20):
    for number in range(count):
        site, kind = f"site-{number}.example", ("article", "listing")[number % 2]
        text = (ENGLISH, ENGLISH_MENU)[number % 2]
        markup = {**MARKUP, "links": (20, 200)[number % 2] + number}
        yield Example(PageContent(text, f"https://{site}/{number}", "T", markup), kind, site, "en")


@pytest.mark.parametrize("with_markup", [True, False])
def test_the_model_of_text_alone_reads_no_markup(with_markup):
    made = fit(list(examples()), with_markup=with_markup)
    [listing] = made.weights.values()
    assert ("html_links" in listing.by_feature) == with_markup
    assert len(listing.by_dimension) == 2 * 512
    assert made.about["accuracy"] == 1.0
    json.dumps(made.about)


def example(kind, language="en"):
    return Example(PageContent(""), kind, "site.example", language)


def test_the_report_is_that_of_the_scores():
    given = [example("article"), example("forum"), example("listing"), example("product", "zh")]
    scores = np.array(
        [[0.8, 0.1, 0.1, 0], [0.3, 0.5, 0.2, 0], [0.6, 0.1, 0.3, 0], [0, 0, 0.9, 0.1]]
    )
    found = report(given, ["article", "forum", "listing", "product"], scores)
    assert (found.pages, found.accuracy) == (4, 0.5)
    assert found.confusion == {
        "article": {"article": 1},
        "forum": {"forum": 1},
        "listing": {"article": 1},
        "product": {"listing": 1},
    }
    assert found.auc_kept == {"en": 1.0, "zh": None}
    [cost] = [cost for cost in found.costs if cost.threshold == 0.5]
    assert (cost.detail_removed, cost.others_removed) == (0.5, 0.5)
