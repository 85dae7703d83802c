"""What a site's table does to its documents, and only to its own."""

import pytest

from conf import locate
from schemas.verdict import Decision
from stages.rules import Rules
from stages.rules.site_rule import SiteRule, cut_lines
from stages.sites import load_sites
from tests.stages.rules.texts import FAULTY, GOOD


@pytest.fixture
def judge(tmp_path):
    def with_rules(table, text, url="https://news.site.example/a", language="en"):
        (tmp_path / "site.toml").write_text(
            f'domains = ["site.example"]\n[rules]\n{table}', "utf-8"
        )
        row = {"text": text, "language": language, "url": url, "title": ""}
        (verdict,) = Rules(sites=str(tmp_path)).open()([row])
        return verdict

    return with_rules


def test_a_dropped_site_loses_every_document_for_the_reason_that_the_file_gives(judge):
    verdict = judge('drop = "copies other sites"', GOOD["en"])
    assert (verdict.decision, verdict.reason) == (Decision.REMOVE, "dropped_site")
    assert verdict.detail == "news.site.example: copies other sites"


def test_another_site_is_left_alone(judge):
    assert judge('drop = "x"', GOOD["en"], "https://other.example/").decision is Decision.KEEP


@pytest.mark.parametrize("name", ["empty", "text_too_short"])
def test_a_family_or_a_reason_that_a_site_is_spared_does_not_decide(judge, name):
    assert judge("", "Short.").reason == "text_too_short"
    spared = judge(f'keep = ["{name}"]', "Short.")
    assert spared.reason != "text_too_short"


def test_a_spared_rule_decides_on_other_sites(judge):
    text = FAULTY["en"]["max_brace_ratio"]
    assert judge('keep = ["structure"]', text, "https://other.example/").decision is Decision.REMOVE


@pytest.mark.parametrize("language", ["en", "zh"])
def test_lines_are_cut_as_edits_before_the_rules_measure(judge, language):
    line = {"en": "Share this on Foo", "zh": "分享到微博"}[language]
    pattern = {"en": "^Share this", "zh": "^分享到"}[language]
    text = f"  {line}\n{GOOD[language]}\n{line}"
    verdict = judge(f"cut = ['{pattern}']", text, language=language)
    assert verdict.decision is Decision.KEEP
    assert verdict.columns["text"] == GOOD[language]
    assert [(e.line, e.reason) for e in verdict.edits] == [
        (0, "site_line"),
        (text.count("\n"), "site_line"),
    ]
    assert verdict.columns["measures"]["lines"] == len(GOOD[language].split("\n"))


def test_a_text_without_such_a_line_keeps_its_bytes(judge):
    text = "  " + GOOD["en"] + "\n\n"
    assert "text" not in judge("cut = ['^Nothing of it$']", text).columns
    assert cut_lines(text, SiteRule(cut=("^Nope$",))) == (text, ())


@pytest.mark.parametrize(
    ("table", "complaint"),
    [
        ("keep = ['no_such']", r"rules: keep: 'no_such' is no family of rules and no reason"),
        ("cut = ['(']", r"rules: cut: '\(' is no regular expression"),
        ("drop = true", r"rules\.drop = True: input should be a valid string"),
        ("cuts = []", r"rules\.cuts = \[\]: is not a known key; did you mean 'cut'"),
    ],
)
def test_a_faulty_table_is_refused_by_file_key_and_rule(judge, table, complaint):
    with pytest.raises(ValueError, match=rf"site\.toml: {complaint}"):
        judge(table, "")


def test_the_rules_that_ship_cut_what_an_encyclopaedia_says_about_itself():
    rule = load_sites(locate("sites"), "rules", SiteRule)["wikipedia.org"]
    text = "维基百科，自由的百科全书\n河流是水道。\nFrom Wikipedia, the free encyclopedia"
    assert cut_lines(text, rule)[0] == "河流是水道。"


def test_the_sites_files_are_part_of_what_a_verdict_depends_on():
    assert "sites/mediawiki.toml" in Rules().resources()
