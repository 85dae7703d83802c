import json
import re
from collections import Counter
from html import escape
from itertools import combinations
from pathlib import Path
from random import Random

import pytest
from fastwarc.warc import ArchiveIterator, WarcRecordType

from conf import locate
from curation.config import load_config
from curation.inspect.agreement import read_expected
from curation.sample_crawl import TRUTH, write_sample_crawl
from curation.sample_crawl.cluttered import BELOW, FIRST, INSIDE
from curation.sample_crawl.faults import FAULTS
from curation.sample_crawl.grammar import Article
from curation.sample_crawl.kinds import KINDS
from curation.sample_crawl.layout import SUBSCRIBE
from curation.sample_crawl.pages import SUBSCRIBE_SHARE, article, edited, reordered
from models.embedding import embed
from models.text.segmenter import cut
from schemas.verdict import Decision


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


def test_reordered_pages_share_words_and_no_runs_of_words_and_twins_share_neither():
    """What semantic_dedup finds at its default of 0.95, and fuzzy_dedup mostly not; and neither."""
    cosines = {"reordered": [], "twin": []}
    for number in range(60):
        original = article(1, number)
        copies = {
            "reordered": reordered(original, 1, number),
            "twin": article(1, number, wording="other"),
        }
        for kind, copy in copies.items():
            vectors = [embed("\n".join(text.paragraphs)) for text in (original, copy)]
            cosines[kind].append(float(vectors[0] @ vectors[1]))
            assert jaccard(shingles(original), shingles(copy)) < 0.8
    assert sum(cosine >= 0.95 for cosine in cosines["reordered"]) >= 57
    assert max(cosines["twin"]) < 0.95


def test_every_page_has_a_verdict_of_a_stage_that_the_local_pipeline_runs(crawl):
    stages = {name for step in load_config(locate("local.toml")).step for name in step.stages}
    pages = read_expected(str(crawl[0] / TRUTH))
    for page in pages:
        assert page.kind in KINDS
        assert page.stage in {"", "source", *stages}
        assert page.decision is not Decision.KEEP or not (page.stage or page.reason)
    assert {"identity", "fuzzy_dedup", "semantic_dedup", "page_type", "rules"} <= {
        page.stage for page in pages
    }


def test_what_a_page_repeats_is_in_the_crawl(crawl):
    pages = read_expected(str(crawl[0] / TRUTH))
    articles = {page.url for page in pages if page.kind == "article"}
    repeats = {page.of for page in pages if page.of}
    assert repeats
    assert repeats <= articles


@pytest.mark.parametrize(
    ("kind", "marks"),
    [
        ("list", {"<a href=": 30}),
        ("teasers", {"<a href=": 20, 'class="more"': 10, 'class="meta"': 10}),
        ("forum", {'class="post"': 8, "<textarea": 1, "/u/": 8}),
        ("video", {"<video": 1, 'class="stats"': 1, "<li>": 8}),
        ("tool", {"<input": 3, "<select": 2, "<button": 2}),
    ],
)
def test_pages_of_a_kind_have_its_parts_and_differ(kind, marks):
    bodies = [KINDS[kind].make(1, n, Random(f"1/{kind}/{n}")).response.body for n in range(24)]
    again = KINDS[kind].make(1, 3, Random(f"1/{kind}/3")).response.body
    assert again == bodies[3]
    assert len(set(bodies)) == len(bodies)
    for body in bodies:
        for mark, least in marks.items():
            assert body.count(mark.encode()) >= least
        assert not re.search(rb"\{#?\w|\[\w+\|", body.partition(b"<body>")[2])


def test_threads_quote_what_somebody_said_before():
    pages = [KINDS["forum"].make(1, n, Random(n)).response.body.decode() for n in range(12)]
    quotes = [
        (page[: match.start()], match[1])
        for page in pages
        for match in re.finditer(r"</cite><br>(.*?)</blockquote>", page)
    ]
    assert len(quotes) > 12
    assert all(words in before for before, words in quotes)


def test_clutter_stands_between_and_below_the_paragraphs_of_a_whole_article():
    for number in range(12):
        body = KINDS["cluttered"].make(1, number, Random(number)).response.body.decode()
        text = article(1, FIRST + number)
        places = [body.index(escape(part, quote=False)) for part in text.paragraphs]
        assert places == sorted(places)
        assert body.count("<p>") == len(text.paragraphs) + INSIDE + BELOW + 1  # and the footer's


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
