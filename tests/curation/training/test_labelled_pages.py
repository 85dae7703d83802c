import json
from dataclasses import replace

import pytest

from curation.errors import UsageError
from curation.training.labelled_pages import read_pages, site_of, trainable_pages
from tests.curation.training.labelled import rows, write_folder


def test_pages_come_with_their_bytes_and_labels(tmp_path):
    made = rows("zh")
    pages = list(read_pages(write_folder(tmp_path, {"zh": made}), "zh"))
    assert [page.page.body for page in pages] == [row.body for row in made]
    assert [(p.id, p.page.url, p.page_type, p.truth, p.collection) for p in pages] == [
        (row.id, row.url, row.page_type, row.truth, row.source) for row in made
    ]


def test_english_truths_are_read_from_json(tmp_path):
    made = rows("en")
    pages = read_pages(write_folder(tmp_path, {"en": made}), "en")
    assert [page.truth for page in pages] == [row.truth for row in made]


def test_a_truth_of_white_space_is_none(tmp_path):
    [first, *_] = rows("en")
    [page] = read_pages(write_folder(tmp_path, {"en": [replace(first, truth=" \n")]}), "en")
    assert page.truth == ""


def test_pages_whose_licence_forbids_it_are_not_trained_on(tmp_path):
    first, second, *_ = rows("zh")
    made = [replace(first, source="gne_gpl"), replace(second, source="gne_mit")]
    folder = write_folder(tmp_path, {"zh": made})
    assert len(list(read_pages(folder, "zh"))) == 2
    assert [page.id for page in trainable_pages(folder, "zh")] == [second.id]


def test_a_row_without_a_field_is_named(tmp_path):
    folder = write_folder(tmp_path, {"en": []})
    (folder / "en" / "manifest.jsonl").write_text('{"id": "a"}\n')
    with pytest.raises(UsageError, match=r"manifest\.jsonl, line 1: 'url' is missing"):
        list(read_pages(folder, "en"))


def test_a_folder_without_a_manifest_is_named(tmp_path):
    with pytest.raises(UsageError, match=r"en/manifest\.jsonl: is missing"):
        list(read_pages(tmp_path, "en"))


def test_a_line_separator_inside_a_row_does_not_end_it(tmp_path):
    [first, *_] = rows("en")
    folder = write_folder(tmp_path, {"en": [first]})
    manifest = folder / "en" / "manifest.jsonl"
    row = json.loads(manifest.read_text()) | {"title": "one\u2028two\x85three"}
    manifest.write_text(json.dumps(row, ensure_ascii=False))
    assert [page.id for page in read_pages(folder, "en")] == [first.id]


def test_pages_of_one_site_are_held_out_together(tmp_path):
    first, second, *_ = rows("en")
    urls = ("https://news.aldon.example/a", "https://www.aldon.example/b?c=d")
    made = [replace(row, url=url) for row, url in zip((first, second), urls, strict=True)]
    one, other = read_pages(write_folder(tmp_path, {"en": made}), "en")
    assert one.site == other.site == "aldon.example"
    assert one.is_held_out == other.is_held_out


def test_a_sixth_of_sites_is_held_out(tmp_path):
    [first, *_] = rows("en")
    made = [replace(first, id=f"en-{n}", url=f"https://site-{n}.example/") for n in range(120)]
    held_out = [page.is_held_out for page in read_pages(write_folder(tmp_path, {"en": made}), "en")]
    assert 10 <= sum(held_out) <= 30


@pytest.mark.parametrize("url", ["", "no address", "http://[broken"])
def test_what_is_no_address_is_a_site_of_its_own(url):
    assert site_of(url) == url
