import base64
import hashlib
import json
import re
from html.parser import HTMLParser

import pytest

from curation.inspect.report import render
from curation.inspect.report.page import embedded
from tests.curation.inspect.report.small_run import HOSTILE, data_of, make_run


class Elements(HTMLParser):
    """The elements of a page with their attributes, and the texts of scripts and styles."""

    def __init__(self, html):
        super().__init__()
        self.found, self.texts, self._inside = [], [], None
        self.feed(html)

    def handle_starttag(self, tag, attributes):
        self.found.append((tag, dict(attributes)))
        self._inside = tag

    def handle_data(self, data):
        if self._inside in ("script", "style"):
            self.texts.append((self._inside, data))
            self._inside = None


@pytest.fixture(scope="module")
def html(tmp_path_factory):
    return render(make_run(tmp_path_factory.mktemp("run")))


def test_nothing_of_a_hostile_page_is_markup_in_the_report(html):
    tags = [tag for tag, _ in Elements(html).found]
    assert tags.count("script") == 2
    assert not {"img", "a", "iframe", "link", "object", "b"} & set(tags)
    assert all(not name.startswith("on") for _, one in Elements(html).found for name in one)
    assert "{{ 7*7 }}" in json.dumps(data_of(html))


def test_the_policy_lets_nothing_run_or_load_but_what_the_report_brings(html):
    found = Elements(html)
    [policy] = [one["content"] for tag, one in found.found if one.get("http-equiv")]
    texts = dict(found.texts[::-1]) | {
        "script": [t for kind, t in found.texts if kind == "script"][1]
    }
    digests = {
        kind: base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
        for kind, text in texts.items()
    }
    assert policy == (
        f"default-src 'none'; script-src 'sha256-{digests['script']}'; "
        f"style-src 'sha256-{digests['style']}'; base-uri 'none'; form-action 'none'"
    )
    assert "unsafe" not in policy


def test_the_report_names_no_address_to_load_from(html):
    own = re.sub(r'<script type="application/json".*?</script>', "", html, flags=re.DOTALL)
    assert re.findall(r"https?://[^\s\"'`]+", own) == ["http://www.w3.org/2000/svg"]
    assert not re.search(r"\b(fetch|XMLHttpRequest|import|eval|innerHTML|document\.write)\b", own)


@pytest.mark.parametrize("text", [HOSTILE, "</SCRIPT >", "<!--<script>", "\u2028\u2029", "a & b"])
def test_embedded_data_says_what_it_said_and_ends_no_element(text):
    made = embedded({"a": text})
    assert json.loads(made) == {"a": text}
    assert not re.search("[<>&\u2028\u2029]", made)


def test_controls_of_pages_are_shown_as_escapes(html):
    said = json.dumps(data_of(html), ensure_ascii=False)
    assert not re.search("[\u202a-\u202e\u2066-\u2069]", said)
    assert r"\\u202eabc\\x00\\x1b[2J" in said
