import json
from dataclasses import dataclass
from typing import ClassVar

import pytest

from benchmarks import losses
from benchmarks.losses import Account, account_for, good_texts, written_texts
from curation.config import load_config
from curation.training.documents import text_alone
from curation.training.examples import Known
from curation.training.labelled_pages import LabelledPage
from schemas.verdict import Edit, keep, remove
from stages.base import DocumentStage, one_by_one
from stages.chain import open_chain


@dataclass(frozen=True)
class Clutter(DocumentStage):
    """Removes what holds "bad" and cuts the first line of everything else."""

    name: ClassVar[str] = "clutter"
    reads: ClassVar[tuple[str, ...]] = ("text",)

    def open(self):
        def judge(row):
            if "bad" in row["text"]:
                return remove("is_bad", "for a word")
            return keep({}, (Edit(0, row["text"].split("\n")[0], "clutter"),))

        return one_by_one(judge)


@pytest.fixture
def written(tmp_path):
    rows = [
        {"id": f"news-{n}", "title": f"Title {n}", "text": f"The bridge number {n} opened.\nYes."}
        for n in range(20)
    ]
    rows[3]["text"] = "bad"
    (tmp_path / "en" / "poor").mkdir(parents=True)
    lines = "".join(json.dumps(row) + "\n" for row in rows)
    (tmp_path / "en" / "news.jsonl").write_text(lines, "utf-8")
    (tmp_path / "en" / "poor" / "spam.jsonl").write_text(lines, "utf-8")
    return tmp_path


def test_odd_texts_of_a_kind_are_seen_and_even_ones_held_out(written):
    seen = written_texts(written / "en", "en", is_held_out=False)
    unseen = written_texts(written / "en", "en", is_held_out=True)
    assert [one.page.doc_id for one in seen] == [f"news-{n}" for n in range(1, 20, 2)]
    assert [one.page.doc_id for one in unseen] == [f"news-{n}" for n in range(0, 20, 2)]
    assert {one.kind for one in seen} == {"news"}


def test_an_account_says_what_was_lost_to_what_and_which_lines_were_cut(written):
    texts = written_texts(written / "en", "en", is_held_out=False)
    accounts = account_for(texts, open_chain([Clutter()]), load_config("conf/local.toml"))
    assert accounts == {
        ("written", "news"): Account(
            entered=10,
            lost={"clutter/is_bad": 1},
            lines_cut=9,
            main_lines_cut=9,
            details=["news-3: clutter/is_bad: for a word"],
        )
    }


@pytest.mark.parametrize(
    ("is_as_collected", "expected"),
    [(False, ["unread", "good article"]), (True, ["unread", "good article", "poor", "service"])],
)
def test_pages_that_a_reader_called_poor_or_no_article_are_left_out(
    tmp_path, monkeypatch, is_as_collected, expected
):
    labels = {
        "page_type": {"good article": "article", "service": "service"},
        "quality": {"good article": "good", "poor": "poor", "service": "good"},
    }
    names = ["unread", "good article", "poor", "service"]
    known = Known("wcxb", "en", "")
    pages = [
        LabelledPage(text_alone("", name, known).page, "en", "wcxb", "article", "A text.", "human")
        for name in names
    ]
    (tmp_path / "extraction" / "en").mkdir(parents=True)
    monkeypatch.setattr(losses, "read_pages", lambda folder, language: pages)
    monkeypatch.setattr(losses, "read_document_labels", lambda task, language: labels[task])
    found = [
        text.page.doc_id
        for is_held_out in (False, True)
        for text in good_texts(
            tmp_path,
            "en",
            is_held_out=is_held_out,
            written=tmp_path,
            is_as_collected=is_as_collected,
        )
    ]
    assert sorted(found) == sorted(expected)
