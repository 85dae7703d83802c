from dataclasses import dataclass

import pytest

from conf import locate
from stages.extract.html import parse
from stages.extract.site_rule import ExtractionRule, drop, elements
from stages.sites import digest_sites, load_sites, rule_for


@dataclass(frozen=True)
class Cuts:
    cut: tuple[str, ...] = ()


def write(folder, text, name="a.toml"):
    (folder / name).write_text(text, encoding="utf-8")
    return folder


def test_the_rules_that_ship_are_valid():
    rules = load_sites(locate("sites"), "extract", ExtractionRule)
    assert rule_for(rules, "zh.wikipedia.org").body
    assert set(digest_sites(locate("sites"))) >= {"sites/mediawiki.toml"}


def test_a_rule_holds_for_its_domain_and_every_subdomain_only(tmp_path):
    write(tmp_path, 'domains = ["example.org"]\n[extract]\nbody = ["//main"]')
    rules = load_sites(tmp_path, "extract", ExtractionRule)
    assert rule_for(rules, "news.EXAMPLE.org.") == ExtractionRule(body=("//main",))
    assert rule_for(rules, "notexample.org") is None


def test_stages_read_only_their_own_section_of_a_file(tmp_path):
    write(tmp_path, 'domains = ["e.org"]\n[extract]\nbody = ["//p"]\n[rules]\ncut = ["^Share$"]')
    assert load_sites(tmp_path, "rules", Cuts) == {"e.org": Cuts(("^Share$",))}
    assert load_sites(tmp_path, "extract", ExtractionRule)["e.org"].body == ("//p",)


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        (
            'domains = ["e.org"]\n[extrakt]',
            r"a\.toml: extrakt = \{\}: is not a known key; did you mean 'extract'",
        ),
        (
            'domains = ["e.org"]\n[extract]\nbodies = []',
            r"extract\.bodies = \[\]: is not a known key; did you mean 'body'",
        ),
        ('domains = ["e.org"]\n[extract]\nbody = "//p"', r"extract\.body = '//p': input should be"),
        ('domains = ["e.org"]\n[extract]\nbody = ["//p["]', r"extract: body: '//p\['"),
        ('domains = "e.org"\n[extract]', r"domains = 'e.org': input should be"),
        ("[extract]", r"domains: is required"),
        ("domains = []", r"domains = \[\]: .*at least 1 item"),
        ('domains = ["e.org"]\nextract = 1', r"extract = 1: must be a table"),
        ("domains = [", r"a\.toml: not valid TOML"),
    ],
)
def test_a_faulty_file_is_refused_by_file_and_key(tmp_path, text, complaint):
    with pytest.raises(ValueError, match=complaint):
        load_sites(write(tmp_path, text), "extract", ExtractionRule)


def test_a_domain_with_two_files_is_refused(tmp_path):
    text = 'domains = ["e.org"]\n[extract]\nbody = ["//p"]'
    write(tmp_path, text)
    write(tmp_path, text, "b.toml")
    with pytest.raises(ValueError, match=r"b\.toml: domains = 'e\.org': has rules in another file"):
        load_sites(tmp_path, "extract", ExtractionRule)


def test_a_missing_folder_is_named(tmp_path):
    with pytest.raises(FileNotFoundError, match="nowhere"):
        load_sites(tmp_path / "nowhere", "extract", ExtractionRule)


def test_the_first_matching_expression_gives_its_outermost_elements():
    tree = parse("<div><p>one <b>two</b></p><p>three</p></div>")
    found = elements(tree, ("//main", "//p | //b"))
    assert ["".join(e.itertext()) for e in found] == ["one two", "three"]


def test_the_text_after_a_dropped_element_stays():
    tree = parse("<p>one<sup>[1]</sup> two</p>")
    drop(tree, ("//sup",))
    assert "".join(tree.itertext()) == "one two"
