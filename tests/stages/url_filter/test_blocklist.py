import re

import pytest

from stages.url_filter.blocklist import UrlBlocklist, entries, list_files


@pytest.fixture(scope="module")
def blocklist(tmp_path_factory):
    folder = tmp_path_factory.mktemp("lists")
    (folder / "adult").mkdir()
    (folder / "adult" / "domains").write_text(
        "bad.example\nWWW.Shout.Example.\nx.github.io\ngithub.io\nb\u00fccher.example\n"
        "203.0.113.9\n2001:DB8::1\n成人.中国\n",
        encoding="utf-8",
    )
    (folder / "adult" / "urls").write_text(
        "host.test/a/b\nwww.site.test/deep/\nhost.test/%7euser\nhost.test/路\nq.test/watch?v=1\n",
        encoding="utf-8",
    )
    (folder / "adult" / "expressions").write_text("(casino|x)\n")
    (folder / "adult" / "usage").write_text("black\n")
    (folder / "ads-hosts").write_text(
        "# a hosts file\n127.0.0.1 localhost\n::1 localhost\n0.0.0.0 0.0.0.0\n"
        "0.0.0.0 ads.example tracker.example # two\n\n! note\nplain.example # third\n"
    )
    return UrlBlocklist(folder)


@pytest.mark.parametrize(
    ("url", "entry"),
    [
        ("http://bad.example", "bad.example"),
        ("https://a.b.bad.example/any/page", "bad.example"),
        ("bad.example/page", "bad.example"),
        ("//bad.example/page", "bad.example"),
        ("HTTP://BAD.EXAMPLE:8080/", "bad.example"),
        ("http://bad.example./", "bad.example"),
        ("http://me:pass@bad.example/", "bad.example"),
        ("http://good.test@bad.example/", "bad.example"),
        ("http://b%61d.example/", "bad.example"),
        ("http:\\\\bad.example\\x", "bad.example"),
        (" http://bad.example/\n", "bad.example"),
        ("http://ｂａｄ.example/", "bad.example"),
        ("http://bad。example/", "bad.example"),
        ("http://bad.example?x=1", "bad.example"),
        ("<http://bad.example/x>", "bad.example"),
        ("http://shout.example/", "shout.example"),
        ("http://xn--bcher-kva.example/", "xn--bcher-kva.example"),
        ("http://BÜCHER.example/", "xn--bcher-kva.example"),
        ("http://203.0.113.9:81/x", "203.0.113.9"),
        ("http://0xCB007109/", "203.0.113.9"),
        ("http://[2001:db8:0::1]:80/", "[2001:db8::1]"),
        ("http://成人.中国/", "xn--gmq348b.xn--fiqs8s"),
        ("http://x.github.io/", "x.github.io"),
        ("http://a.x.github.io/", "x.github.io"),
        ("http://host.test/a/b", "host.test/a/b"),
        ("http://www.host.test/a/b/c", "host.test/a/b"),
        ("http://host.test//a/./b?c", "host.test/a/b"),
        ("http://host.test/z/../a/b#c", "host.test/a/b"),
        ("http://host.test/%61/%62", "host.test/a/b"),
        ("http://host.test/A/B/", "host.test/a/b"),
        ("http://host.test/~user/x", "host.test/~user"),
        ("http://host.test/%E8%B7%AF/x", "host.test/路"),
        ("http://site.test/deep", "site.test/deep"),
        ("http://q.test/watch?v=1&t=2", "q.test/watch?v=1"),
        ("http://tracker.example/", "tracker.example"),
        ("http://sub.plain.example/", "plain.example"),
    ],
)
def test_a_listed_url_is_found_however_it_is_spelt(blocklist, url, entry):
    match = blocklist.match(url)
    assert match is not None
    assert match.entry == entry


@pytest.mark.parametrize(
    "url",
    [
        "http://notbad.example/",
        "http://bad.example.org/",
        "http://example/",
        "http://bad.example@good.test/",
        "http://good.test/bad.example",
        "http://good.test/?u=http://bad.example/",
        "http://other.github.io/",
        "http://host.test/a/bc",
        "http://host.test/a",
        "http://m.host.test/a/b",
        "http://q.test/watch?v=12",
        "http://203.0.113.90/",
        "http://1.203.0.113.9/",
        "http://localhost/",
        "http://0.0.0.0/",
        "mailto:me@bad.example",
        "javascript:location='http://bad.example'",
        "http://a..bad.example/",
        "",
        "http://",
        "\ud800",
        "casino",
    ],
)
def test_what_only_looks_like_a_listed_url_is_not(blocklist, url):
    assert blocklist.match(url) is None


def test_a_listed_public_suffix_covers_itself_only(blocklist):
    assert blocklist.match("http://github.io/about").entry == "github.io"
    assert blocklist.match("http://me.github.io/") is None


def test_a_match_names_its_category_and_list(blocklist):
    found = [blocklist.match(u) for u in ("bad.example", "host.test/a/b", "ads.example")]
    assert [(m.category, m.source, m.is_domain) for m in found] == [
        ("adult", "adult/domains", True),
        ("adult", "adult/urls", False),
        ("ads-hosts", "ads-hosts", True),
    ]


def test_of_two_lists_the_first_by_name_is_named_and_the_entry_counts_once(tmp_path):
    for name in ("b", "a"):
        (tmp_path / name).write_text("bad.example\nwww.bad.example\n")
    blocklist = UrlBlocklist(tmp_path)
    assert blocklist.match("bad.example").source == "a"
    assert len(blocklist) == 1


def test_of_two_entries_the_broadest_is_named(tmp_path):
    (tmp_path / "list").write_text("a.bad.example\nbad.example\nbad.example/x\n")
    assert UrlBlocklist(tmp_path).match("http://a.bad.example/x").entry == "bad.example"


def test_a_category_folder_and_a_single_file_can_be_named(tmp_path):
    (tmp_path / "games").mkdir()
    (tmp_path / "games" / "domains").write_text("play.example\n")
    for source in (tmp_path / "games", tmp_path / "games" / "domains", tmp_path):
        assert UrlBlocklist(source).match("play.example").entry == "play.example"
    assert [c for c, _, _ in list_files(tmp_path / "games")] == ["games"]


def test_no_list_blocks_nothing(tmp_path):
    assert UrlBlocklist().match("http://bad.example/") is None
    assert len(UrlBlocklist(tmp_path)) == 0


def test_odd_lines_are_read_as_published():
    lines = ["", "#x", "!x", "\ta.test  ", "0.0.0.0\tb.test", "c.test#d", "||e.test^"]
    assert list(entries(lines)) == ["a.test", "b.test", "c.test#d", "e.test"]


@pytest.mark.parametrize(
    ("url", "site"),
    [
        ("http://a.b.example.co.uk/", "example.co.uk"),
        ("http://www.gov.uk/", "gov.uk"),
        ("http://a.blogspot.com/", "a.blogspot.com"),
        ("http://x.y.invented-tld/", "y.invented-tld"),
        ("http://www.ck/", "www.ck"),
        ("http://a.www.ck/", "www.ck"),
        ("http://a.b.c.ck/", "b.c.ck"),
        ("http://192.0.2.1/", "192.0.2.1"),
        ("http://[::1]/", "[::1]"),
        ("mailto:me@a.test", ""),
    ],
)
def test_the_site_is_the_registered_domain_or_the_whole_host(blocklist, url, site):
    assert blocklist.report([url]).sites[0] == site


def test_the_suffix_rules_agree_with_the_published_tests(real_data):
    text = (real_data / "url" / "public_suffix_test.txt").read_text(encoding="utf-8")
    cases = re.findall(r"^checkPublicSuffix\('([^']+)', (?:'([^']+)'|null)\);", text, re.MULTILINE)
    cases = [(host, domain) for host, domain in cases if not host.startswith(".")]
    assert len(cases) > 60
    blocklist = UrlBlocklist()
    for host, domain in cases:
        site = blocklist.report([host]).sites[0]
        ascii_domain = domain.encode("idna").decode() if domain else ""
        suffix_alone = host.lower().removeprefix("www.").encode("idna").decode()
        assert site == (ascii_domain or suffix_alone), host


def test_every_entry_of_the_real_lists_is_found(real_data):
    folder = real_data / "url"
    blocklist = UrlBlocklist(folder / "ut1", folder / "sinfonietta")
    for _, name, path in [*list_files(folder / "ut1"), *list_files(folder / "sinfonietta")]:
        listed = list(entries(path.read_text(encoding="utf-8", errors="replace").splitlines()))
        found = blocklist.report(listed)
        invalid = [entry for entry, site in zip(listed, found.sites, strict=True) if not site]
        assert len(found.matches) == len(listed) - len(invalid), name
        assert len(invalid) <= 3, (name, invalid)
