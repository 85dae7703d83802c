import gzip
import json

import pytest

from curation.errors import UsageError
from curation.training.texts import (
    ARTICLES,
    HEADLINES,
    LAWS,
    VOTES,
    JudgedText,
    articles,
    chinese_articles,
    headlines,
    judged_sentences,
    laws,
    plain,
    votes,
)
from tests.models.texts import CHINESE, ENGLISH


def write(folder, name, lines):
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(gzip.compress("".join(f"{line}\n" for line in lines).encode()))
    return folder


def test_markdown_becomes_the_text_that_is_shown():
    source = "# Head\n\n![picture](a.png)\nA *good* [link](http://x) here\n\n---\n> said"
    assert plain(source) == "Head\nA good link here\nsaid"


def test_articles_are_those_in_chinese_without_their_marks(tmp_path):
    rows = [json.dumps({"text": text}) for text in (f"# {CHINESE}", ENGLISH)]
    data = write(tmp_path, ARTICLES, rows)
    assert list(articles(data)) == [f"# {CHINESE}", ENGLISH]
    assert list(chinese_articles(data)) == [CHINESE]


def test_a_line_separator_inside_a_text_does_not_end_its_row(tmp_path):
    row = json.dumps({"text": "one\u2028two\x85three"}, ensure_ascii=False)
    assert list(articles(write(tmp_path, ARTICLES, [row]))) == ["one\u2028two\x85three"]


def test_a_collection_that_is_missing_is_named(tmp_path):
    with pytest.raises(UsageError, match=r"lctt_zh_sample\.jsonl\.gz: is missing"):
        list(articles(tmp_path))


def test_headlines_come_without_their_class(tmp_path):
    assert headlines(write(tmp_path, HEADLINES, ["桥梁\t建成\t3"])) == ["桥梁\t建成"]


def test_votes_say_what_most_people_said(tmp_path):
    rows = [json.dumps({"text": t, "label": label}) for t, label in (("a", "1"), ("b", "0"))]
    assert list(votes(write(tmp_path, VOTES, rows))) == [
        JudgedText("a", True),
        JudgedText("b", False),
    ]


def test_of_each_law_one_version_is_read(tmp_path):
    rows = [json.dumps({"family": f, "text": t}) for f, t in (("x", "1"), ("x", "2"), ("y", "3"))]
    assert list(laws(write(tmp_path, LAWS, rows))) == ["1", "3"]


def test_sentences_are_good_where_nobody_is_offended(tmp_path):
    path = tmp_path / "labels" / "cold_offensive_zh_dev.csv.gz"
    path.parent.mkdir()
    rows = 'number,split,topic,label,TEXT\n0,dev,race,1,"骂人, 不好"\n1,dev,race,0,你好\n'
    path.write_bytes(gzip.compress(rows.encode("utf-8-sig")))
    found = list(judged_sentences(tmp_path, "dev"))
    assert found == [JudgedText("骂人, 不好", False), JudgedText("你好", True)]
