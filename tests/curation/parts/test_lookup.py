"""The sorted file of a part's URLs and ids."""

import pyarrow.parquet as pq
import pytest

from curation.parts.lookup import ROW_GROUP_ROWS, LookupBuilder, url_key
from curation.storage.integrity import find_damage

SPELLINGS = [
    "https://www.example.org/News/Item?id=5",
    "http://example.org/news/item?id=5",
    "example.org/News/Item?id=5",
    "HTTPS://WWW.EXAMPLE.ORG/News/Item?id=5#top",
    "www.example.org:443/News/Item?id=5",
]


def test_all_spellings_of_a_url_have_one_key():
    assert {url_key(url) for url in SPELLINGS} == {"example.org/news/item?id=5"}


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("http://example.org/a", "http://example.org/b"),
        ("http://example.org/a?x=1", "http://example.org/a?x=2"),
        ("http://example.org/a", "http://blog.example.org/a"),
    ],
)
def test_different_pages_have_different_keys(one, other):
    assert url_key(one) != url_key(other)


def test_a_key_is_short_and_valid_however_long_and_broken_the_url_is():
    key = url_key("http://a.example/" + "字%ff\ud800" * 5000)
    assert len(key) <= 512
    assert key.encode()


def test_every_page_is_there_by_id_and_by_url_in_sorted_row_groups(tmp_path):
    count = ROW_GROUP_ROWS
    builder = LookupBuilder()
    ids = [f"{n * 7919 % count:032x}" for n in range(count)]
    urls = [f"http://a.example/{n}" for n in range(count)]
    builder.add(ids, urls, range(count))
    builder.add(["", None], [None, ""], [count, count + 1])  # losses
    made = builder.write(str(tmp_path), "part-00000")
    assert not list(find_damage(str(tmp_path), [made], deep=True))
    table = pq.read_table(tmp_path / made.name)
    rows = list(zip(table["key"].to_pylist(), table["position"].to_pylist(), strict=True))
    expected = [(key, n) for n, key in enumerate(ids)]
    expected += [(f"a.example/{n}", n) for n in range(count)]
    assert rows == sorted(expected)
    metadata = pq.read_metadata(tmp_path / made.name)
    assert metadata.num_row_groups == 2
    assert all(metadata.row_group(n).column(0).statistics.has_min_max for n in range(2))


def test_equal_pages_make_equal_files_in_whatever_batches_they_come(tmp_path):
    made = []
    for size in (1, 7):
        builder = LookupBuilder()
        for start in range(0, 21, size):
            some = range(start, min(21, start + size))
            builder.add([f"{n:032x}" for n in some], [f"http://b.example/{n}" for n in some], some)
        made.append(builder.write(str(tmp_path / str(size)), "part-00000"))
    assert made[0] == made[1]
