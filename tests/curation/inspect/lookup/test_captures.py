"""Single pages of a run are found as a reading of all its files finds them."""

from pathlib import Path

import pyarrow.parquet as pq
import pytest

from curation.inspect.lookup.captures import BatchPages
from tests.curation.inspect.made_runs import forget_lookup, make_run, page
from tests.curation.inspect.stages_of_numbers import Even, Scored

PAGES = [page(n, "x" * (n * 37 % 211)) for n in range(200)]
STEPS = [("first", [Scored()]), ("second", [Even()])]


@pytest.fixture(scope="module")
def batch(tmp_path_factory):
    return make_run(tmp_path_factory.mktemp("runs"), PAGES, STEPS, parts=5)


@pytest.fixture(scope="module", params=["with", "without"])
def pages(request, tmp_path_factory):
    root = tmp_path_factory.mktemp(request.param)
    folder = make_run(root, PAGES, STEPS, parts=5)
    if request.param == "without":
        forget_lookup(folder, f"01-first-{'0' * 12}")
    return BatchPages(folder)


def brute_force(folder, doc_id):
    """The last decision, stage and reason of a page, by reading every file."""
    found = []
    for path in sorted(Path(folder).glob("*/decision=*/*.parquet")):
        for row in pq.read_table(path, partitioning=None).to_pylist():
            if row["doc_id"] == doc_id:
                found.append((path.parent.name.partition("=")[2], row["stage"], row["reason"]))
    return len(found), found[-1]


@pytest.mark.slow
def test_every_page_is_found_by_its_id_with_the_end_that_its_files_tell(batch):
    found = BatchPages(batch)
    for row in PAGES[::3]:
        [capture] = found.captures(row["doc_id"])
        last = (str(capture.decision), capture.row["stage"], capture.row["reason"])
        assert (len(capture.visits), last) == brute_force(batch, row["doc_id"])
        assert capture.is_whole
        assert capture.row["text"] == row["text"]


@pytest.mark.parametrize(
    "spell",
    [
        lambda url: url,
        lambda url: url.removeprefix("https://"),
        lambda url: url.replace("https://www.", "http://"),
        lambda url: url.replace("www.site", "WWW.SITE").replace(".example", ".Example"),
        lambda url: f"{url}/#top",
    ],
)
def test_a_page_is_found_by_its_url_in_any_spelling(pages, spell):
    for row in PAGES[5::40]:
        [capture] = pages.captures(spell(row["url"]))
        assert capture.row["doc_id"] == row["doc_id"]


def test_what_differs_in_the_case_of_its_path_is_another_page(tmp_path):
    rows = [page(0, url="http://a.example/X"), page(1, url="http://a.example/x/")]
    found = BatchPages(make_run(tmp_path, rows, [("only", [Even()])]))
    for row in rows:
        [capture] = found.captures(row["url"])
        assert capture.row["doc_id"] == row["doc_id"]


def test_every_capture_of_a_url_is_found(tmp_path):
    rows = [page(n, url="http://a.example/again", text="ab" * n) for n in range(5)]
    found = BatchPages(make_run(tmp_path, rows, [("only", [Even()])]))
    texts = [one.row["text"] for one in found.captures("a.example/again")]
    assert texts == [row["text"] for row in rows]


def test_a_page_that_is_not_there_is_not_found_and_its_neighbours_are_near(pages):
    asked = "https://www.site-3.example/Pages/3.htm"
    assert pages.captures(asked) == []
    near = [pages.capture_at(hit.position).row["url"] for hit in pages.near(asked)]
    assert near[0] == "https://www.site-3.example/Pages/3.html"
    assert pages.near("https://elsewhere.invalid/") == []


def test_the_beginning_of_an_id_is_near_it(batch):
    found = BatchPages(batch)
    row = PAGES[17]
    assert found.captures(row["doc_id"][:12]) == []
    [hit] = found.near(row["doc_id"][:12])
    assert hit.position == row["position"]


def test_a_step_that_lacks_a_page_is_seen(tmp_path):
    folder = Path(make_run(tmp_path, PAGES, STEPS, parts=1))
    other = make_run(tmp_path / "other", PAGES[:20], STEPS, parts=1)
    second = folder / f"02-second-{'0' * 12}"
    Path(other, second.name).rename(folder / "replaced")
    second.rename(folder / "gone")
    (folder / "replaced").rename(second)
    kept = [row for row in PAGES[20:] if 0.3 <= len(row["text"]) % 100 / 100 < 0.99]
    [capture] = BatchPages(str(folder)).captures(kept[0]["doc_id"])
    assert not capture.is_whole
