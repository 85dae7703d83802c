import hashlib
import json
import warnings
from dataclasses import replace

import pytest

from curation.errors import UsageError
from curation.training.annotated_text import read_page
from curation.training.label_pages import Found, label
from curation.training.labelled_pages import (
    OTHER_SOURCES,
    read_pages,
    read_source,
    site_of,
    trainable_pages,
)
from curation.training.page_labels import write_labels
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


@pytest.fixture
def annotated(tmp_path):
    """A folder of one page that nobody has marked the text of, and a folder of its labels."""
    [*_, listing, _] = rows("zh")
    folder = write_folder(tmp_path / "extraction", {"zh": [listing]})
    [page] = read_pages(folder, "zh", tmp_path)
    blocks, _ = read_page(page.page)
    labels = label(Found(page.page, "extraction/zh"), "listing", [f"main=0-{len(blocks) - 2}"])
    write_labels(tmp_path / "zh.jsonl", [labels])
    return folder, tmp_path, labels


def test_a_page_without_a_text_has_that_of_its_labels(annotated):
    folder, home, _ = annotated
    [page] = read_pages(folder, "zh", home)
    blocks, _ = read_page(page.page)
    assert page.truth == "\n".join(block.text for block in blocks[:-1])
    assert page.truth_kind == "annotated"


def test_the_text_that_others_marked_counts_before_labels(annotated):
    folder, home, labels = annotated
    (folder / "zh" / "gt" / f"{labels.id}.txt").write_text("正文")
    [page] = read_pages(folder, "zh", home)
    assert (page.truth, page.truth_kind) == ("正文", "human")


def test_bytes_that_are_not_those_that_were_labelled_are_refused(annotated):
    folder, home, labels = annotated
    write_labels(home / "zh.jsonl", [replace(labels, body_sha256=hashlib.sha256(b"").hexdigest())])
    with pytest.raises(UsageError, match=f"page {labels.id} is not the one that was labelled"):
        list(read_pages(folder, "zh", home))


def test_main_text_that_a_reading_lacks_is_warned_of(annotated):
    folder, home, labels = annotated
    run = labels.runs[0]
    lost = replace(run, chars=(99, *run.chars[1:]))
    write_labels(home / "zh.jsonl", [replace(labels, runs=(lost, *labels.runs[1:]))])
    with pytest.warns(UserWarning, match=f"page {labels.id}: 99 of .* label it anew"):
        list(read_pages(folder, "zh", home))


def test_a_site_that_labels_name_holds_its_page_out(annotated):
    folder, home, labels = annotated
    [before] = read_pages(folder, "zh", home)
    write_labels(home / "zh.jsonl", [replace(labels, site="163.com")])
    [page] = read_pages(folder, "zh", home)
    assert page.site == "163.com" != before.site
    assert page.is_held_out


def test_labelled_pages_of_other_folders_are_read_too(tmp_path):
    folder = write_folder(tmp_path / "extraction", {"zh": []})
    other = tmp_path / "lid" / "libreoffice-zh-cn"
    other.mkdir(parents=True)
    for name in ("one", "two"):
        (other / f"{name}.html").write_text(f"<p>{name}, a page of help</p>")
    first, _ = read_source(other)
    labels = label(Found(first, "lid/libreoffice-zh-cn"), "documentation", ["main=0"])
    write_labels(tmp_path / "zh.jsonl", [labels])
    [page] = read_pages(folder, "zh", tmp_path)
    assert (page.id, page.truth, page.page_type) == (
        "one", "one, a page of help", "documentation",
    )  # fmt: skip
    assert not list(trainable_pages(folder, "zh"))


def test_every_label_that_ships_is_found_in_its_page(real_data):
    with warnings.catch_warnings():
        warnings.simplefilter("error", UserWarning)
        pages = [page for page in read_pages(real_data / "extraction", "zh") if page.id]
    annotated = [page for page in pages if page.truth_kind == "annotated"]
    sources = {page.collection for page in annotated}
    assert len(annotated) >= 65
    assert set(OTHER_SOURCES["zh"].values()) < sources
