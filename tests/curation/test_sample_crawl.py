import json
from collections import Counter
from itertools import combinations
from pathlib import Path

import pytest
from fastwarc.warc import ArchiveIterator, WarcRecordType

from curation.sample_crawl import TRUTH, write_sample_crawl
from curation.sample_crawl.faults import FAULTS
from curation.sample_crawl.grammar import Article
from curation.sample_crawl.layout import SUBSCRIBE
from curation.sample_crawl.pages import SUBSCRIBE_SHARE, article, edited
from models.text.segmenter import cut


@pytest.fixture(scope="module")
def crawl(tmp_path_factory):
    folder = tmp_path_factory.mktemp("crawl")
    return folder, write_sample_crawl(folder)


def truth(folder: Path) -> list[dict[str, str]]:
    return [json.loads(line) for line in (folder / TRUTH).read_text().splitlines()]


def responses(path: Path) -> dict[str, bytes]:
    """What fastwarc can read of a file before it stops."""
    found = {}
    try:
        with path.open("rb") as stream:
            for record in ArchiveIterator(stream, record_types=WarcRecordType.response):
                record.parse_http(auto_decode="all")
                found[record.headers["WARC-Target-URI"]] = record.reader.read()
    except OSError:
        pass
    return found


def shingles(text: Article) -> set[tuple[str, ...]]:
    tokens = cut("\n".join(text.paragraphs))
    return {tuple(tokens[n : n + 5]) for n in range(len(tokens) - 4)}


def jaccard(one: set, two: set) -> float:
    return len(one & two) / len(one | two)


def test_the_same_seed_gives_the_same_bytes_and_another_seed_others(tmp_path):
    first = write_sample_crawl(tmp_path / "a", pages=60)
    second = write_sample_crawl(tmp_path / "b", pages=60)
    other = write_sample_crawl(tmp_path / "c", pages=60, seed=2)
    assert [p.read_bytes() for p in first] == [p.read_bytes() for p in second]
    assert (tmp_path / "a" / TRUTH).read_bytes() == (tmp_path / "b" / TRUTH).read_bytes()
    assert all(x.read_bytes() != y.read_bytes() for x, y in zip(first, other, strict=True))


def test_the_default_crawl_has_about_1200_pages_in_four_files(crawl):
    folder, paths = crawl
    pages = truth(folder)
    assert len(paths) == 4
    assert 1150 <= len(pages) <= 1300
    assert {page["file"] for page in pages} == {path.name for path in paths}
    assert len({page["url"] for page in pages}) == len(pages)


def test_every_kind_of_fault_is_there(crawl):
    kinds = Counter(page["kind"] for page in truth(crawl[0]))
    assert set(FAULTS) <= set(kinds)
    for kind in ("blocked_host", "lying_header", "gb2312", "big5", "not_found", "other_language"):
        assert kinds[kind] >= 5
    assert kinds["hanging"] == kinds["damaged"] == kinds["truncated"] == 1


def test_a_reader_finds_every_page_but_the_damaged_file_and_the_cut_one(crawl):
    folder, paths = crawl
    for path in paths[:2]:
        expected = [page["url"] for page in truth(folder) if page["file"] == path.name]
        assert list(responses(path)) == expected
    third = [page["kind"] for page in truth(folder) if page["file"] == paths[2].name]
    assert len(responses(paths[2])) == third.index("damaged")
    last = [page["url"] for page in truth(folder) if page["file"] == paths[3].name]
    read = responses(paths[3])
    assert list(read) == last
    assert b"</html>" in read[last[-2]]
    assert b"</html>" not in read[last[-1]]


def test_the_shared_lines_are_on_more_than_200_pages_of_each_language(crawl):
    paths = crawl[1]
    bodies = [body for path in paths for body in responses(path).values()]
    for line in SUBSCRIBE.values():
        assert sum(line.encode() in body for body in bodies) > 200 * SUBSCRIBE_SHARE


def test_unrelated_articles_share_few_shingles():
    sets = [shingles(article(1, number)) for number in range(0, 700, 22)]  # one genre, Chinese
    sets += [shingles(article(1, number)) for number in range(1, 700, 22)]  # one genre, English
    assert max(jaccard(one, two) for one, two in combinations(sets, 2)) < 0.5


def test_a_near_duplicate_is_above_the_threshold_of_fuzzy_deduplication_and_a_twin_below():
    for number in range(40):
        original = shingles(article(1, number))
        assert jaccard(original, shingles(edited(article(1, number), 1, number))) >= 0.8
        assert jaccard(original, shingles(article(1, number, wording="other"))) < 0.8


def test_articles_are_long_enough_and_do_not_repeat_themselves():
    for number in range(200):
        text = article(1, number)
        words = cut("\n".join(text.paragraphs))
        assert 100 <= len(words) <= 600
        assert len(set(text.paragraphs)) == len(text.paragraphs)
        assert "{" not in "".join(text.paragraphs)
        assert "|" not in "".join(text.paragraphs)


def test_fewer_pages_than_files_are_refused(tmp_path):
    with pytest.raises(ValueError, match="at least 4"):
        write_sample_crawl(tmp_path, pages=3)
