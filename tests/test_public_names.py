"""The functions that others call, by the names that they are known by; none needs Spark."""

import subprocess
import sys

import numpy as np
import pytest

from curation.testing.samples import CHINESE, ENGLISH
from models import category, clutter, embedding, language, page_type, quality
from schemas.verdict import Decision
from stages.extract import extract
from stages.fuzzy_dedup.minhash import signature
from stages.rules import judge
from stages.standardise import identity, standardise
from stages.url_filter import UrlBlocklist


def test_extract_gives_text_and_title():
    page = f"<html><title>River</title><body><p>{ENGLISH}</p></body></html>".encode()
    found = extract(page, url="http://a.example/")
    assert ENGLISH[:60] in found.text
    assert found.title == "River"


def test_judge_gives_decision_and_reason():
    assert judge(ENGLISH, language="en").decision is Decision.KEEP
    gone = judge("Log in", language="en", url="http://a.example/", title="Log in")
    assert (gone.decision, bool(gone.reason)) == (Decision.REMOVE, True)


def test_signature_is_of_2048_unsigned_minima():
    found = signature(CHINESE)
    assert (found.shape, found.dtype) == ((2048,), np.uint32)


def test_identity_ignores_case_marks_and_spacing():
    assert standardise("A  b, C!") == "a b c"
    assert identity("A  b, C!") == identity("a b c")
    assert len(identity("")) == 32


def test_a_blocklist_reads_a_folder_of_lists(tmp_path):
    (tmp_path / "bad").mkdir()
    (tmp_path / "bad" / "domains").write_text("bad.example\n")
    blocklist = UrlBlocklist(tmp_path)
    assert blocklist.match("http://www.BAD.example:80/x").category == "bad"
    assert blocklist.match("http://good.example/") is None


def test_the_language_of_a_text_is_identified():
    found = language.LanguageIdentifier.load().score([ENGLISH, CHINESE])
    assert [score.language for score in found] == ["en", "zh"]


@pytest.mark.parametrize("module", [language, page_type, clutter, quality, category, embedding])
def test_every_model_loads_by_name_and_scores_batches(module):
    model = module.load("embedded")
    assert len(model.score([ENGLISH, CHINESE])) == 2
    assert len(module.score([ENGLISH])) == 1
    assert len(model.score([])) == 0
    assert model.name == "embedded"
    assert module.digest("embedded") == module.digest("embedded") != ""


def test_none_of_them_loads_spark():
    names = "curation.sources.warc, stages.extract, stages.rules, stages.fuzzy_dedup.minhash, stages.registry"
    code = f"import sys, {names}; sys.exit('pyspark' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
