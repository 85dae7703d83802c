import re

import pyarrow as pa
import pytest

from curation.inspect.score_charts import BAR, HEIGHT, score_charts
from curation.summaries.summary import HISTOGRAMS


def step(*rows):
    columns = HISTOGRAMS.names
    return pa.Table.from_pylist([dict(zip(columns, row, strict=True)) for row in rows], HISTOGRAMS)


def heights(path):
    return [float(height) for height in re.findall(r"v-([0-9.]+)", path)]


def test_a_ratio_is_drawn_from_0_to_1():
    [score] = score_charts(
        [step(("q", "keep", "zh", 32, 3, 0.5, 0.51), ("q", "remove", "zh", 16, 1, 0.25, 0.25))]
    )
    [chart] = score.charts
    assert (chart.width, chart.pages) == (64 * BAR, 4)
    assert (chart.lowest, chart.highest) == (0.25, 0.51)
    assert heights(chart.kept) == [HEIGHT]
    assert heights(chart.gone) == [HEIGHT / 3]
    assert chart.kept.startswith(f"M{32 * BAR} {HEIGHT}h")


def test_what_is_kept_and_what_is_gone_stand_on_each_other():
    [score] = score_charts(
        [step(("q", "keep", "", 5, 1, 0.08, 0.08), ("q", "quarantine", "", 5, 3, 0.09, 0.09))]
    )
    [chart] = score.charts
    assert (chart.lowest, chart.highest) == (0.08, 0.09)
    assert (heights(chart.kept), heights(chart.gone)) == ([HEIGHT / 4], [HEIGHT * 3 / 4])
    assert chart.gone.startswith(f"M{5 * BAR} {HEIGHT * 3 / 4:g}h")


@pytest.mark.parametrize(
    ("counts", "median"), [([1, 1, 1], 3), ([3, 1, 1], 1), ([2, 1, 1], 1), ([1, 1, 8], 7)]
)
def test_the_median_lies_in_the_middle_bin(counts, median):
    greatest = [1, 3, 7]
    rows = [
        ("n", "keep", "en", 64 + octave, count, 2**octave, greatest[octave])
        for octave, count in enumerate(counts)
    ]
    [score] = score_charts([step(*rows)])
    assert score.charts[0].median == median


def test_each_number_is_that_of_the_first_step_that_has_it():
    first = step(("a", "keep", "en", 1, 5, 0, 0))
    second = step(("a", "keep", "en", 1, 2, 0, 0), ("b", "keep", "en", 1, 2, 0, 0))
    assert [(s.column, s.pages) for s in score_charts([first, second])] == [("a", 5), ("b", 2)]


def test_the_commonest_languages_are_drawn_and_all_are_counted():
    rows = [("a", "keep", f"l{n}", 1, n, 0, 0) for n in range(1, 9)]
    [score] = score_charts([step(*rows)])
    assert [chart.language for chart in score.charts] == ["l8", "l7", "l6", "l5", "l4"]
    assert score.pages == 36
