import numpy as np
import pytest

from models.linear import load_linear, save_linear
from models.linear.fit import fit_weights, fold_of, matrix_of, out_of_fold, roc_auc

pytest.importorskip("sklearn")
RANDOM = np.random.default_rng(4)
NAMES = ["length", "marks"]
ROWS = RANDOM.normal(size=(400, 2)) * [5.0, 0.1] + [30.0, 1.0]
NOISE = RANDOM.normal(size=400)
TWO = np.where(ROWS[:, 0] - 30 + NOISE > 0, "main", "clutter").tolist()
THREE = np.select([ROWS[:, 0] > 33, ROWS[:, 1] > 1.05], ["a", "b"], "c").tolist()
SITES = [f"site-{number % 50}.example" for number in range(400)]


def test_a_site_is_always_in_the_same_fold_and_folds_are_all_used():
    folds = [fold_of(f"site-{i}.example") for i in range(100)]
    assert folds == [fold_of(f"site-{i}.example") for i in range(100)]
    assert set(folds) == set(range(5))


def test_a_matrix_has_the_features_of_the_first_row_in_its_order():
    names, matrix = matrix_of([{"b": 1.0, "a": 2.0}, {"a": 4.0, "b": 3.0}])
    assert names == ["b", "a"]
    assert matrix.tolist() == [[1.0, 2.0], [3.0, 4.0]]


@pytest.mark.parametrize(("labels", "exclusive"), [(TWO, False), (THREE, True)])
def test_weights_score_as_scikit_learn_does(labels, exclusive, tmp_path):
    from sklearn.linear_model import LogisticRegression
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import StandardScaler

    path = tmp_path / "weights.json"
    save_linear(path, fit_weights(NAMES, ROWS, labels, strength=0.1), {}, exclusive=exclusive)
    made = load_linear(path).score([dict(zip(NAMES, row, strict=True)) for row in ROWS.tolist()])
    oracle = make_pipeline(StandardScaler(), LogisticRegression(C=0.1, max_iter=3000))
    chances = oracle.fit(ROWS, labels).predict_proba(ROWS)
    for place, label in enumerate(oracle.classes_):
        if label in made[0]:
            assert [row[label] for row in made] == pytest.approx(chances[:, place], abs=1e-4)
    assert set(made[0]) == ({"main"} if labels is TWO else {"a", "b", "c"})


def test_no_row_is_judged_by_a_model_that_saw_its_site():
    """Rows that say nothing but their site's label: whoever saw the site is right, others guess."""
    sites = sorted(set(SITES))
    of_site = dict(zip(sites, RANDOM.permutation([True, False] * 25).tolist(), strict=True))
    labels = ["main" if of_site[site] else "clutter" for site in SITES]
    one_of = np.array([[float(site == name) for name in sites] for site in SITES])
    scores = out_of_fold(one_of, labels, SITES, strength=1.0)[:, 1]
    truth = [label == "main" for label in labels]
    assert roc_auc(truth, scores) < 0.6
    assert roc_auc(truth, one_of @ np.array([of_site[name] for name in sites], float)) == 1.0


def test_scores_out_of_fold_are_probabilities_in_the_order_of_the_labels():
    scores = out_of_fold(ROWS, THREE, SITES, strength=1.0)
    assert scores.sum(axis=1) == pytest.approx(np.ones(400))
    right = np.array(["a", "b", "c"])[scores.argmax(axis=1)] == np.array(THREE)
    assert right.mean() > 0.8


def test_a_label_that_a_fold_never_saw_has_no_chance_there():
    labels = [
        "rare" if fold_of(site) == 0 else label for site, label in zip(SITES, TWO, strict=True)
    ]
    scores = out_of_fold(ROWS, labels, SITES, strength=1.0)
    held_out = np.array([fold_of(site) == 0 for site in SITES])
    assert not scores[held_out, 2].any()
    assert scores[~held_out, 2].any()


def test_a_heavy_row_pulls_the_weights():
    labels = ["yes", "no"] * 200
    same = np.ones((400, 1))
    (yes,) = fit_weights(["x"], same, labels, mass=[9.0, 1.0] * 200, strength=1.0).values()
    assert yes.bias == pytest.approx(np.log(9), abs=0.01)


def test_the_area_under_the_curve_is_the_chance_of_the_right_order():
    assert roc_auc([True, False, True, False], [0.9, 0.1, 0.5, 0.5]) == 3.5 / 4
    assert roc_auc([True, False, False], [0.5, 0.6, 0.4], [1, 3, 1]) == 0.25
    assert roc_auc([True, True], [0.1, 0.2]) is None


def test_a_vector_is_learnt_from_beside_the_features(tmp_path):
    vectors = RANDOM.normal(size=(400, 32))
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    labels = np.where(vectors[:, 3] > 0, "yes", "no").tolist()
    truth = [label == "yes" for label in labels]
    scores = out_of_fold(ROWS, labels, SITES, vectors=vectors, strength=1.0)[:, 1]
    assert roc_auc(truth, scores) > 0.95
    assert roc_auc(truth, out_of_fold(ROWS, labels, SITES, strength=1.0)[:, 1]) < 0.65
    path = tmp_path / "weights.json"
    weights = fit_weights(NAMES, ROWS, labels, vectors=vectors, strength=1.0)
    save_linear(path, weights, {}, exclusive=False)
    items = [dict(zip(NAMES, row, strict=True)) for row in ROWS.tolist()]
    chances = [one["yes"] for one in load_linear(path).score(items, vectors.astype(np.float32))]
    assert roc_auc(truth, chances) > 0.99


def test_examples_of_one_label_are_refused():
    with pytest.raises(ValueError, match="have one label or none"):
        fit_weights(NAMES, ROWS, ["main"] * 400, strength=1.0)
