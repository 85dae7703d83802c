"""What is decided of an item hangs on no other item of its batch."""

from dataclasses import dataclass, field

from models.base import TitledText, clear_scores, lines_of, text_of


@dataclass
class Noisy:
    """A model whose scores differ by nearly its tolerance with their place in the batch."""

    tolerance: float = 0.01
    asked_alone: list[float] = field(default_factory=list)
    name: str = "noisy"

    def score(self, items):
        return [item + 0.9 * self.tolerance * (-1) ** place for place, item in enumerate(items)]

    def score_alone(self, item):
        self.asked_alone.append(item)
        return item


class Steady:
    name = "steady"

    def score(self, items):
        return list(items)


def is_close(score, tolerance):
    return abs(score - 0.5) <= tolerance


def test_a_decision_hangs_on_no_place_in_the_batch():
    items = [0.1, 0.495, 0.505, 0.5, 0.515, 0.9]
    for batch in (items, items[1:], items[::-1], items[3:]):
        scores = clear_scores(Noisy(), batch, is_close)
        assert [score >= 0.5 for score in scores] == [item >= 0.5 for item in batch]
    plain = Noisy().score(items[1:])
    assert [score >= 0.5 for score in plain] != [item >= 0.5 for item in items[1:]]


def test_only_what_is_close_is_asked_again():
    model = Noisy()
    clear_scores(model, [0.1, 0.5, 0.9], is_close)
    assert model.asked_alone == [0.5]


def test_a_model_that_knows_no_batches_is_asked_once():
    assert clear_scores(Steady(), [0.5, 0.1], is_close) == [0.5, 0.1]


def test_a_title_is_the_first_line_where_there_is_one():
    assert lines_of(TitledText("Bridges", "one\n\n two\n")) == ["Bridges", "one", " two"]
    assert lines_of(TitledText(" ", "one")) == lines_of("one") == ["one"]
    assert text_of(TitledText("Bridges", "one")) == "one"
