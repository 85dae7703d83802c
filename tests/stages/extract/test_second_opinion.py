from dataclasses import replace

import pytest

from conf.records import ConfigError, RecordReader
from schemas.verdict import Decision
from stages.extract import Extract, FoundBy, TextFormat, extract, extract_plain, load_tools
from stages.extract.second_opinion import SecondOpinion
from tests.stages.extract.test_stage import ARTICLE, FRENCH, page, row

HERE = "tests.stages.extract.test_second_opinion"
DATA = f'<script type=\'application/ld+json\'>{{"articleBody": "{" ".join(ARTICLE)}"}}</script>'


def read_shouting(html, url):
    """A second opinion: what the page says, loud, and where."""
    return f"{ARTICLE[0].upper()}\n\n  {url} # \n" if ARTICLE[0] in html else None


def read_nothing(html, url):
    return None


def read_badly(html, url):
    raise LookupError("no such model")


NO_CALLABLE = "text"


def asked(**settings):
    (verdict,) = Extract(**settings).open()([row(page(ARTICLE).encode())])
    return verdict


def test_a_page_has_the_confidence_of_the_trees_and_says_that_they_found_it():
    columns = asked().columns
    assert 0.5 < columns["confidence"] <= 1
    assert columns["found_by"] == "blocks"


def test_a_page_below_the_least_confidence_takes_the_second_opinion():
    columns = asked(min_confidence=1.0, second_opinion=f"{HERE}:read_shouting").columns
    assert columns["text"] == f"{ARTICLE[0].upper()}\nhttp://e.org/ #"
    assert columns["found_by"] == "second_opinion"
    assert columns["confidence"] == asked().columns["confidence"]


def test_it_is_written_in_the_format_that_is_asked_for():
    given = {"min_confidence": 1.0, "second_opinion": f"{HERE}:read_shouting"}
    columns = asked(format=TextFormat.MARKDOWN, **given).columns
    assert columns["text"] == f"{ARTICLE[0].upper()}\n\nhttp://e.org/ #"


@pytest.mark.slow
@pytest.mark.parametrize(
    "settings",
    [
        {"min_confidence": 1.0, "second_opinion": f"{HERE}:read_nothing"},
        {"min_confidence": 0.05, "second_opinion": f"{HERE}:read_shouting"},
        {"second_opinion": f"{HERE}:read_badly"},
    ],
    ids=["it finds nothing", "the page is sure enough", "nobody asks"],
)
def test_a_page_keeps_its_text_where(settings):
    assert asked(**settings).columns == asked().columns


def test_what_a_second_opinion_raises_quarantines_the_page():
    verdict = asked(min_confidence=1.0, second_opinion=f"{HERE}:read_badly")
    assert (verdict.decision, verdict.reason) == (Decision.QUARANTINE, "extraction_failed")
    assert "no such model" in verdict.detail


def test_trafilatura_is_the_second_opinion_unless_another_is_named():
    columns = asked(min_confidence=1.0).columns
    assert (columns["found_by"], columns["text"].splitlines()[-1]) == (
        "second_opinion",
        ARTICLE[-1],
    )


def test_a_page_as_sure_as_the_least_confidence_is_sure_enough():
    found = extract(page(ARTICLE).encode(), url="")
    tools = load_tools()
    for least, by in ((found.confidence, "blocks"), (found.confidence + 1e-9, "second_opinion")):
        second = SecondOpinion(least, read_shouting)
        there = extract(page(ARTICLE).encode(), url="", tools=replace(tools, second_opinion=second))
        assert there.found_by == by


def test_where_no_trees_were_asked_there_is_no_confidence_and_no_second_opinion(tmp_path):
    (tmp_path / "e.toml").write_text('domains = ["e.org"]\n[extract]\nbody = ["//footer"]\n')
    doubt = {"min_confidence": 1.0, "second_opinion": f"{HERE}:read_shouting"}
    tools = load_tools(sites=str(tmp_path), **doubt)
    by_rule = extract(page(ARTICLE).encode(), url="http://e.org/", tools=tools)
    in_data = extract(f"<html>{DATA}<body></body></html>".encode(), url="", tools=tools)
    left = extract(
        page(FRENCH * 2).encode(), url="", tools=load_tools(languages=("zh", "en"), **doubt)
    )
    plain = extract_plain(b"plain")
    assert [one.confidence for one in (by_rule, in_data, left, plain)] == [None] * 4
    expected = [FoundBy.SITE_RULE, FoundBy.DATA, None, None]
    assert [one.found_by for one in (by_rule, in_data, left, plain)] == expected


def test_a_document_that_has_text_has_neither():
    (verdict,) = Extract().open()([row(None, text="given")])
    assert (verdict.columns["confidence"], verdict.columns["found_by"]) == (None, None)


@pytest.mark.parametrize(
    ("name", "complaint"),
    [
        ("resiliparse", "is not of the form package.module:name"),
        ("no_such_package.there:read", "there is no module no_such_package"),
        (f"{HERE}:read_what", "has no read_what"),
        (f"{HERE}:NO_CALLABLE", "NO_CALLABLE cannot be called"),
    ],
)
def test_a_second_opinion_that_is_not_there_is_refused_when_a_configuration_is_read(
    name, complaint
):
    with pytest.raises(
        ConfigError, match=f"stage.extract: second_opinion = '{name}': .*{complaint}"
    ):
        RecordReader("a.toml").record(Extract, {"second_opinion": name}, "stage.extract")


def test_what_reads_doubtful_pages_counts_among_the_resources():
    assert "trafilatura" in Extract(min_confidence=0.5).resources()
    named = Extract(min_confidence=0.5, second_opinion=f"{HERE}:read_shouting").resources()
    assert len(named[f"second opinion {HERE}:read_shouting"]) == 64
    assert not any("opinion" in name for name in Extract().resources())
