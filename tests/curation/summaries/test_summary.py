"""A summary is the same, byte for byte, however the documents are dealt into parts."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from curation.summaries.files import merge_files, read_summary, write_summary
from curation.summaries.summary import NOTHING, SummaryBuilder, add
from schemas.verdict import Decision
from tests.curation.summaries.rows import row, summary_of

SHORT = st.sampled_from([None, "", "a", "en", "é", "字"])
FLOATS = st.one_of(st.none(), st.floats(), st.sampled_from([0.0, 0.5, 1.0, 3.0]))
EDITS = st.lists(
    st.fixed_dictionaries(
        {
            "stage": st.sampled_from(["lines", "clutter"]),
            "line": st.just(1),
            "text": st.sampled_from(["one", "two"]),
            "reason": st.sampled_from(["often", "menu"]),
        }
    ),
    max_size=4,
)


@st.composite
def documents(draw):
    """Documents of a step: any values, but each has a place of its own."""
    rows = []
    for number in range(draw(st.integers(1, 14))):
        decision = draw(st.sampled_from(list(Decision)))
        rows.append(
            row(
                number,
                decision,
                doc_id=draw(st.sampled_from(["", "aa", f"{number:032x}"])),
                url=draw(SHORT),
                site=draw(SHORT),
                language=draw(SHORT),
                category=draw(SHORT),
                reason="" if decision is Decision.KEEP else draw(st.sampled_from(["x", "y"])),
                twin=draw(st.sampled_from([None, "", "t1", "t2"])),
                copies=draw(st.sampled_from([None, 0, 3])),
                tokens=draw(st.sampled_from([None, 0, 70])),
                detail=draw(SHORT),
                text=draw(SHORT),
                quality=draw(FLOATS),
                measures=draw(
                    st.one_of(
                        st.none(),
                        st.fixed_dictionaries({"words": st.integers(0, 99), "ratio": FLOATS}),
                    )
                ),
                edits=draw(st.one_of(st.none(), EDITS)),
            )
        )
    return rows


def deal(rows, parts):
    """The documents of each part, of which there are as many as ``parts`` names."""
    dealt = {}
    for each, part in zip(rows, parts, strict=True):
        dealt.setdefault(part, []).append(each)
    return list(dealt.values())


@pytest.mark.slow
@settings(max_examples=20, deadline=None)
@given(data=st.data(), rows=documents())
def test_any_parts_in_any_order_give_the_same_bytes(tmp_path_factory, data, rows):
    folder = str(tmp_path_factory.mktemp("summaries"))
    parts = data.draw(st.lists(st.integers(0, 5), min_size=len(rows), max_size=len(rows)))
    dealt = data.draw(st.permutations(deal(data.draw(st.permutations(rows)), parts)))
    batch_rows = data.draw(st.integers(2, 8))
    files = [
        write_summary(summary_of(some, batch_rows), folder, f"part-{n:05d}")
        for n, some in enumerate(dealt)
    ]
    at_once = merge_files(folder, "step", files)
    cut = data.draw(st.integers(1, len(files)))
    halves = [merge_files(folder, "merged", some) for some in (files[:cut], files[cut:]) if some]
    whole = write_summary(summary_of(rows), folder, "step")
    assert at_once == whole
    assert merge_files(folder, "step", halves) == whole
    assert whole.rows == len(rows)


def test_the_sum_of_nothing_is_nothing():
    assert add([]) == NOTHING
    assert SummaryBuilder().total() == NOTHING
    one = summary_of([row(1)])
    assert add([one, NOTHING]) == one


@pytest.mark.slow
def test_what_waits_to_be_added_is_no_more_than_the_sum_or_a_fixed_number(monkeypatch):
    monkeypatch.setattr(SummaryBuilder, "MAX_WAITING_ROWS", 50)
    builder, added = SummaryBuilder(), 0
    sizes = []
    for number in range(400):
        builder.add(summary_of([row(number, site=f"{number % 40}.example")]))
        added += 1
        sizes.append(sum(each.rows for each in builder._waiting))
    assert builder.total().pages == added
    assert max(sizes) <= max(50, builder.total().rows)
    assert added > 2 * builder.total().rows / 5  # of which each brought five


def test_a_table_that_is_too_long_for_a_row_is_read_from_several(tmp_path, monkeypatch):
    summary = summary_of([row(n, site=f"{n}.example") for n in range(25)])
    monkeypatch.setattr("curation.summaries.files.MAX_ROWS", 10)
    file = write_summary(summary, str(tmp_path), "step")
    assert read_summary(str(tmp_path / file.name)) == summary
