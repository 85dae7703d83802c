import numpy as np
import pytest

from models.page_type.baselines import baseline_scores
from models.page_type.features import PageContent

pytest.importorskip("sklearn")


def test_each_baseline_knows_what_it_is_named_for_and_no_more():
    kinds = ["long shop"] * 10 + ["long news"] * 10 + ["short news"] * 12
    pages = [
        PageContent(("cart price " if "shop" in kind else "said mayor ") * (1, 90)["long" in kind])
        for kind in kinds
    ]
    sites = [f"{number}.example" for number in range(len(pages))]
    by_words = [kind.split()[1] for kind in kinds]
    by_length = [kind.split()[0] for kind in kinds]
    mass = np.ones(len(pages))

    def accuracy(types, name):
        names = np.array(sorted(set(types)))
        scores = baseline_scores(pages, types, sites, mass)[name]
        return float((names[scores.argmax(axis=1)] == np.array(types)).mean())

    assert accuracy(by_words, "tf-idf") == 1.0
    assert accuracy(by_length, "length") == 1.0
    assert accuracy(by_words, "length") < 1.0
    assert accuracy(by_length, "majority") == pytest.approx(20 / 32)
