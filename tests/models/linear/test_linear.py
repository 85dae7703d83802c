import json
import math

import numpy as np
import pytest

from models.linear import LabelWeights, load_linear, save_linear

TWO = {"good": LabelWeights(0.5, {"length": 2.0, "marks": -1.0})}
THREE = {
    "a": LabelWeights(0.0, {"x": 1.0}),
    "b": LabelWeights(0.0, {"x": 0.0}),
    "c": LabelWeights(1.0, {"x": -1.0}),
}


def model(tmp_path, labels, *, exclusive):
    path = tmp_path / "weights.json"
    save_linear(path, labels, {"made": "in a test"}, exclusive=exclusive)
    return load_linear(path)


def test_one_label_is_a_logistic_of_the_weighted_sum(tmp_path):
    (score,) = model(tmp_path, TWO, exclusive=False).score([{"length": 1.0, "marks": 3.0}])
    assert score == {"good": round(1 / (1 + math.exp(0.5)), 6)}


def test_exclusive_labels_are_a_softmax(tmp_path):
    (score,) = model(tmp_path, THREE, exclusive=True).score([{"x": 2.0}])
    powers = [math.exp(2), 1.0, math.exp(-1)]
    assert list(score.values()) == [round(p / sum(powers), 6) for p in powers]


def test_a_score_does_not_depend_on_its_batch(tmp_path):
    several = [{"length": i / 7, "marks": i / 3} for i in range(100)]
    loaded = model(tmp_path, TWO, exclusive=False)
    assert loaded.score(several) == [loaded.score([item])[0] for item in several]


def test_no_items_have_no_scores(tmp_path):
    assert model(tmp_path, THREE, exclusive=True).score([]) == []


def test_dimensions_of_a_vector_weigh_beside_features(tmp_path):
    labels = {"good": LabelWeights(0.5, {"length": 2.0}, (1.0, -0.5, 0.25))}
    loaded = model(tmp_path, labels, exclusive=False)
    vectors = np.array([[0.0, 0.0, 0.0], [0.6, 0.0, 0.8]], np.float32)
    scores = loaded.score([{"length": 1.0}] * 2, vectors)
    logits = [2.5, 2.5 + 0.6 + 0.2]
    for score, logit in zip(scores, logits, strict=True):
        assert score["good"] == pytest.approx(1 / (1 + math.exp(-logit)), abs=1e-6)


def test_a_score_does_not_depend_on_the_batch(tmp_path):
    source = np.random.default_rng(2)
    labels = {name: LabelWeights(0.0, {"x": 1.0}, tuple(source.normal(size=64))) for name in "abc"}
    loaded = model(tmp_path, labels, exclusive=True)
    vectors = source.normal(size=(9, 64)).astype(np.float32)
    items = [{"x": float(number)} for number in range(9)]
    alone = [loaded.score([item], vectors[n : n + 1])[0] for n, item in enumerate(items)]
    assert loaded.score(items, vectors) == alone


@pytest.mark.parametrize("vectors", [None, np.zeros((1, 2), np.float32)])
def test_vectors_of_other_dimensions_are_refused(tmp_path, vectors):
    labels = {"good": LabelWeights(0.0, {"x": 1.0}, (1.0, 1.0, 1.0))}
    with pytest.raises(ValueError, match="dimensions, not 3"):
        model(tmp_path, labels, exclusive=False).score([{"x": 1.0}], vectors)
    with pytest.raises(ValueError, match="dimensions, not 0"):
        model(tmp_path, TWO, exclusive=False).score(
            [{"length": 1.0, "marks": 0.0}], np.zeros((1, 2), np.float32)
        )


def test_the_order_of_an_items_features_does_not_matter(tmp_path):
    loaded = model(tmp_path, TWO, exclusive=False)
    assert loaded.score([{"marks": 3.0, "length": 1.0}]) == loaded.score(
        [{"length": 1.0, "marks": 3.0}]
    )


@pytest.mark.parametrize("item", [{"length": 1.0}, {"length": 1.0, "marks": 0.0, "colour": 1.0}])
def test_a_missing_or_an_unknown_feature_is_refused(tmp_path, item):
    with pytest.raises(ValueError, match=r"missing .* unknown"):
        model(tmp_path, TWO, exclusive=False).score([item])


@pytest.mark.parametrize(
    "content",
    [
        "not json",
        "{}",
        '{"exclusive": false, "labels": {}}',
        json.dumps(
            {
                "exclusive": True,
                "labels": {
                    "a": {"bias": 0, "weights": {"x": 1}},
                    "b": {"bias": 0, "weights": {"x": 1, "y": 1}},
                },
            }
        ),
        '{"exclusive": false, "labels": {"a": {"bias": 0, "weights": {"x": 1}, "vector": "?"}}}',
        '{"exclusive": false, "labels": {"a": {"bias": NaN, "weights": {"x": 1}}}}',
    ],
)
def test_a_file_that_holds_no_weights_is_refused_by_name(tmp_path, content):
    path = tmp_path / "broken.json"
    path.write_text(content)
    with pytest.raises(ValueError, match=r"broken\.json"):
        load_linear(path)


def test_the_digest_follows_the_weights(tmp_path):
    path = tmp_path / "weights.json"
    save_linear(path, TWO, {}, exclusive=False)
    before = load_linear(path).digest
    content = json.loads(path.read_text())
    content["labels"]["good"]["bias"] = 0.6
    path.write_text(json.dumps(content))
    assert load_linear(path).digest != before
