"""What is drawn of a run: the same whatever the order, dense at the threshold, and unbiased."""

import random
from collections import Counter
from statistics import fmean

import pytest

from curation.errors import UsageError
from curation.labelling.run_documents import KEPT, Ended
from curation.labelling.sample import draw_sample
from curation.labelling.strata import Bins, Stratum, allocate

THRESHOLD = 0.2


def document(number, *, site="", language="en", end=KEPT, score=0.5, value=""):
    return Ended(f"{number:032x}", number, site, language, end, 0, score, value)


@pytest.fixture(scope="module")
def documents():
    """1,000 documents: one site has a third of them, few are near the threshold."""
    dice = random.Random(3)
    made = []
    for number in range(1000):
        score = dice.betavariate(3, 2) if number % 5 else None
        made.append(
            document(
                number,
                site="big.example" if number % 3 == 0 else f"{dice.randrange(150)}.example",
                language="zh" if dice.random() < 0.2 else "en",
                end="rules" if score is None else KEPT if score >= THRESHOLD else "quality",
                score=score,
            )
        )
    return made


def sample(documents, size=200, max_per_site=10, seed=1):
    return draw_sample(lambda: documents, THRESHOLD, size, max_per_site, seed)


def test_the_order_of_the_documents_changes_nothing(documents):
    shuffled = random.Random(1).sample(documents, len(documents))
    assert sample(documents) == sample(shuffled)
    assert sample(documents) != sample(documents, seed=2)


def test_no_site_has_more_than_its_cap_and_no_document_stands_twice(documents):
    drawn = sample(documents).drawn
    assert len({one.document.doc_id for one in drawn}) == len(drawn) == 200
    assert max(Counter(one.document.site for one in drawn).values()) <= 10


def test_documents_without_a_site_are_not_taken_for_those_of_one():
    assert len(sample([document(n) for n in range(300)], size=50, max_per_site=5).drawn) == 50


def test_a_site_that_is_all_there_is_gives_its_cap():
    drawn = sample([document(n, site="a.example") for n in range(300)], max_per_site=5)
    assert len(drawn.drawn) == 5
    assert sum(one.weight for one in drawn.drawn) == pytest.approx(300)


def test_the_neighbourhood_of_the_threshold_is_drawn_more_densely_than_the_rest(documents):
    drawn = [one.document for one in sample(documents, max_per_site=3000).drawn]

    def share_drawn(fits):
        return sum(map(fits, drawn)) / sum(map(fits, documents))

    near = share_drawn(lambda one: one.score is not None and abs(one.score - THRESHOLD) < 0.1)
    far = share_drawn(lambda one: one.score is not None and one.score > 0.6)
    unscored = share_drawn(lambda one: one.score is None)
    assert near > 3 * far > 0
    assert 0 < unscored < near


def test_every_way_to_end_and_every_language_is_in_the_sample(documents):
    found = {(one.document.end, one.document.language) for one in sample(documents).drawn}
    assert found == {
        (end, language) for end in (KEPT, "rules", "quality") for language in ("en", "zh")
    }


@pytest.mark.parametrize("max_per_site", [3, 3000])
def test_sums_of_weights_estimate_the_run(documents, max_per_site):
    """Over 25 seeds the mean of an unbiased estimate comes near the truth; every seed need not."""

    def features(one):
        return {
            "all": 1,
            "big": one.site == "big.example",
            "zh": one.language == "zh",
            "unscored": one.score is None,
            "low": one.score is not None and one.score < 0.3,
        }

    truth = Counter()
    for one in documents:
        truth.update(features(one))
    estimates = {name: [] for name in truth}
    for seed in range(25):
        found = Counter()
        for one in sample(documents, size=120, max_per_site=max_per_site, seed=seed).drawn:
            found.update({name: one.weight * has for name, has in features(one.document).items()})
        for name in truth:
            estimates[name].append(found[name] / truth[name])
    for name, values in estimates.items():
        deviation = (sum((v - fmean(values)) ** 2 for v in values) / len(values)) ** 0.5
        assert abs(fmean(values) - 1) <= 4 * deviation / len(values) ** 0.5 + 1e-9, name


def test_a_sample_larger_than_the_run_is_the_run():
    drawn = sample([document(n) for n in range(7)], size=50).drawn
    assert [one.weight for one in drawn] == [1.0] * 7


def test_a_small_sample_merges_strata_so_that_all_have_a_chance():
    many = [document(n, language=f"l{n % 40}", value=f"v{n}") for n in range(400)]
    drawn = sample(many, size=10).drawn
    assert len(drawn) == 10
    assert {one.stratum.value for one in drawn} == {"*"}
    assert sum(one.weight for one in drawn) == pytest.approx(400)


def test_a_run_without_documents_is_one_line():
    with pytest.raises(UsageError, match="no document with a text"):
        sample([])


def test_bins_begin_at_the_threshold():
    bins = Bins(0.3)
    assert (bins.name(0.3), bins.name(0.2999)) == ("0.3 to 0.35", "0.25 to 0.3")
    assert (bins.name(0), bins.name(1)) == ("0 to 0.15", "0.6 to 1")
    assert bins.density(bins.name(0.31)) > bins.density(bins.name(0.5)) > bins.density(bins.name(1))


def test_no_stratum_gives_more_than_it_has_and_what_is_left_goes_to_others():
    strata = [Stratum("kept", "en", "", name) for name in ("0.2 to 0.25", "0.5 to 1")]
    sizes = dict(zip(strata, (3, 1000), strict=True))
    assert list(allocate(sizes, sizes, Bins(0.2), 100).values()) == [3, 97]
    assert sum(allocate(sizes, sizes, Bins(0.2), 5000).values()) == 1003
