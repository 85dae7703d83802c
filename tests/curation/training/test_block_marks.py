import pytest

from curation.errors import UsageError
from curation.training.block_marks import choose, kinds_of
from curation.training.page_labels import BlockKind

ELEMENTS = ["li<ul.menu", "li<ul.menu", "h1", "p<div.text", "p<div.text", "p<div.reply"]


def test_later_marks_win_and_the_rest_is_navigation():
    kinds = kinds_of(["main=2-5", "comment=5"], ELEMENTS)
    assert [str(kind) for kind in kinds] == [
        *2 * ["navigation"], *3 * ["main"], "comment",
    ]  # fmt: skip
    assert set(kinds) < set(BlockKind)


def test_ranges_can_be_narrowed_to_elements():
    assert choose("0-5@div.text", ELEMENTS) == {3, 4}


@pytest.mark.parametrize("ranges", ["3-9", "6", "4-3"])
def test_a_range_that_the_page_does_not_have_is_named(ranges):
    with pytest.raises(UsageError, match=f"range '{ranges}': the page has blocks 0-5"):
        choose(ranges, ELEMENTS)


@pytest.mark.parametrize("ranges", ["a", "-3", "3-", "3-b"])
def test_what_is_no_range_is_named(ranges):
    with pytest.raises(UsageError, match="is not N, N-M"):
        choose(ranges, ELEMENTS)


def test_a_kind_that_is_none_is_named():
    with pytest.raises(UsageError, match="kind 'text': is none of main, doubtful"):
        kinds_of(["text=1"], ELEMENTS)
