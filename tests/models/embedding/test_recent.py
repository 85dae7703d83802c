import numpy as np

from models.embedding import recent
from models.embedding.recent import RecentVectors


class Counted:
    def __init__(self):
        self.asked = []

    def __call__(self, texts):
        self.asked += texts
        return np.array([[len(text), 1] for text in texts], np.float32)


def test_a_text_is_encoded_once_and_rows_stand_in_the_order_of_the_texts():
    encode = Counted()
    vectors = RecentVectors(encode)
    assert vectors.of(["aa", "b", "aa"]).tolist() == [[2, 1], [1, 1], [2, 1]]
    assert vectors.of(["ccc", "b"]).tolist() == [[3, 1], [1, 1]]
    assert encode.asked == ["aa", "b", "ccc"]


def test_the_oldest_texts_are_forgotten_and_come_back_the_same(monkeypatch):
    monkeypatch.setattr(recent, "CAPACITY", 2)
    encode = Counted()
    vectors = RecentVectors(encode)
    first = vectors.of(["a", "bb", "ccc"])
    assert (vectors.of(["a", "bb", "ccc"]) == first).all()
    assert encode.asked == ["a", "bb", "ccc", "a"]
