"""The embedded models on real texts: floors under what their cards say."""

import gzip
import json

import numpy as np
import pytest

from models import category, embedding

FINANCE = ("stock_market", "funds_investment", "commodities_futures", "banking_finance")
SPORTS = ("football_soccer", "basketball", "athletics_olympics", "racket_sports", "sports_results")


@pytest.mark.parametrize(
    ("number", "classes", "floor"), [(0, FINANCE, 0.5), (7, SPORTS, 0.5)], ids=["finance", "sports"]
)
def test_half_of_real_titles_get_a_class_of_their_field(real_data, number, classes, floor):
    path = real_data / "labels" / "thucnews_titles_dev_zh.tsv.gz"
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        rows = [line.rstrip("\n").rsplit("\t", 1) for line in lines]
    titles = [title for title, label in rows if int(label) == number]
    scores = category.load().score(titles)
    assert sum(one.category in classes for one in scores) / len(titles) >= floor


@pytest.mark.parametrize("name", ["debian_installguide_en", "debian_installguide_zh_CN"])
def test_near_copies_pass_the_threshold_and_mere_relatives_do_not(real_data, name):
    folder = real_data / "dedup"
    with gzip.open(folder / f"{name}.jsonl.gz", "rt", encoding="utf-8") as lines:
        texts = {row["id"]: row["text"] for row in map(json.loads, lines)}
    vectors = dict(zip(texts, embedding.load().score(list(texts.values())), strict=True))
    pairs = next(folder.glob(f"{name}_*.pairs.tsv")).read_text(encoding="utf-8").splitlines()[1:]
    rows = [line.split("\t") for line in pairs]
    jaccard = np.array([float(row[2]) for row in rows])
    cosine = np.array([vectors[row[0]] @ vectors[row[1]] for row in rows])
    assert (cosine[jaccard >= 0.9] >= 0.95).all()
    assert (cosine[jaccard < 0.6] < 0.95).all()
