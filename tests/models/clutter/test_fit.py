from dataclasses import replace

import pytest

from models.clutter import fit as fitting
from models.clutter.fit import Document, fit
from tests.models.texts import ENGLISH, ENGLISH_MENU

pytest.importorskip("sklearn")
MENU = ENGLISH_MENU.split("\n")
PROSE = ENGLISH.split("\n")


@pytest.fixture(autouse=True)
def _few_trees(monkeypatch):
    """What is tested does not take the 150 trees of the weights that ship, which take minutes."""
    monkeypatch.setattr(fitting, "TREES", 20)


def document(number, **changes):
    lines = [*MENU[number % 8 :], *PROSE, *MENU[: number % 5]]
    labels = [line in PROSE for line in lines]
    given = {"kind": "en extracted", "site": f"site-{number}.example", **changes}
    return Document(f"page-{number}", lines, labels, **given)


@pytest.mark.slow
def test_the_weights_tell_main_text_from_a_menu():
    made = fit([document(number) for number in range(12)])
    scores = made.weights.chances([[*MENU, *PROSE]]).tolist()
    assert min(scores[len(MENU) :]) > max(scores[: len(MENU)])


@pytest.mark.slow
def test_labels_turned_round_turn_the_scores_round():
    turned = [document(number) for number in range(12)]
    turned = [replace(one, labels=[not label for label in one.labels]) for one in turned]
    scores = fit(turned).weights.chances([[*MENU, *PROSE]]).tolist()
    assert max(scores[len(MENU) :]) < min(scores[: len(MENU)])


@pytest.mark.slow
def test_a_line_that_is_not_sure_is_learnt_from_both_ways_and_a_label_one():
    labelled = [document(number) for number in range(8)]
    hard, told, soft = (
        fit([replace(one, labels=list(map(chance, one.labels))) for one in labelled])
        for chance in (bool, float, lambda is_main: 0.7 if is_main else 0.2)
    )
    assert all((hard.scores[name] == told.scores[name]).all() for name in hard.scores)
    sure, unsure = (made.weights.chances([[*MENU, *PROSE]]) for made in (hard, soft))
    menu, prose = slice(len(MENU)), slice(len(MENU), None)
    assert sure[menu].mean() < unsure[menu].mean() < unsure[prose].mean() < sure[prose].mean()
    assert unsure[prose].max() < 0.8


def test_figures_are_of_sites_that_were_not_learnt_from():
    """Every site has its own word of clutter: known by heart, and no help on another site."""
    lines = [["zebra", "apple"], ["apple", "zebra"]]
    documents = [
        Document(f"{n}", lines[n % 2], [n % 2 == 1, n % 2 == 0], "odd", f"{n % 2}")
        for n in range(40)
    ]
    assert fit(documents[::2] + documents[1::2]).about["odd"]["auc"] < 0.6


def test_lines_of_one_label_are_refused():
    with pytest.raises(ValueError, match="one label or none"):
        fit([Document("a", PROSE, [True] * len(PROSE), "en", "a.example")])


@pytest.mark.slow
def test_the_report_counts_the_lines_of_each_kind_and_what_thresholds_cut():
    documents = [document(number) for number in range(12)]
    made = fit([*documents, document(3, kind="zh short", site="other.example")])
    found = made.about["en extracted"]
    assert found["lines"] == sum(len(one.lines) for one in documents)
    assert found["clutter"] == sum(one.labels.count(False) for one in documents)
    assert found["auc"] == 1.0
    [cost] = [cost for cost in found["costs"] if cost["threshold"] == 0.3]
    assert cost["main_lines"] == cost["main_text"] == 0.0
    assert cost["clutter_lines"] > 0.8
    assert made.about["zh short"]["lines"] == len(document(3).lines)


@pytest.mark.slow
def test_lines_that_cannot_be_labelled_and_code_are_not_learnt_from():
    documents = [document(number) for number in range(12)]
    odd = Document("odd", ["return x;", "Half of it"], [True, None], "odd", "odd.example")
    assert "odd" not in fit([*documents, odd]).about


@pytest.mark.slow
def test_of_a_kind_that_abounds_a_share_of_the_lines_is_drawn():
    documents = [document(number) for number in range(12)]
    whole = [document(number, kind="whole", share=0.2) for number in range(12)]
    made = fit([*documents, *whole]).about
    assert 0.1 < made["whole"]["lines"] / made["en extracted"]["lines"] < 0.3
    assert fit([*documents, *whole]).about == made


@pytest.mark.slow
def test_a_document_weighs_no_more_than_fifty_of_its_lines():
    """A thousand copies of a menu's line in one document do not outweigh what others say."""
    good = [document(number) for number in range(40)]
    wrong = Document("long", ["Home"] * 1000, [True] * 1000, "long", "site-1.example")
    made = fit([*good, wrong])
    assert made.weights.chances([[*MENU, *PROSE]])[0] < 0.5
