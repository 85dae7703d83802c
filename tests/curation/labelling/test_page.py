"""The annotators' page: hostile text stays text, and what it exports is what an import reads."""

import base64
import hashlib
import json
import re
import shutil
import subprocess
from dataclasses import replace
from html.parser import HTMLParser
from importlib.resources import files

import pytest

from curation.labelling.page import embedded, render
from curation.labelling.records import Label, digest_of_line
from curation.labelling.tasks import TASKS
from curation.storage.records import parse_record
from tests.commands import curate, message, output
from tests.curation.labelling.questions import question, write_questions

HOSTILE = (
    "</script><script>alert(1)</script><img src=x onerror=alert(2)>\n"
    "<!-- <script> \0 \u202egnp.exe\u202c \u2028 \u2029 &lt;b&gt; ${x} {{ y }} {% raw %} \ufeff 𠮷\n"
    "<a href='javascript:alert(3)'>"
)
SCRIPT = (files("curation.labelling") / "templates" / "page.js").read_text("utf-8")


class Elements(HTMLParser):
    """The elements of a page with their attributes, and the content of its scripts and styles."""

    def __init__(self, page):
        super().__init__()
        self.found, self.content, self._open = [], {}, ""
        self.feed(page)

    def handle_starttag(self, tag, attrs):
        self.found.append((tag, dict(attrs)))
        self._open = dict(attrs).get("id", tag) if tag in ("script", "style") else ""

    def handle_endtag(self, tag):
        self._open = ""

    def handle_data(self, data):
        if self._open:
            self.content[self._open] = self.content.get(self._open, "") + data


def page_of(*questions):
    return Elements(render(questions))


def test_hostile_text_makes_no_element_and_is_read_back():
    calm, hostile = (
        page_of(question(1, text, title=text, url=text, task="clutter"))
        for text in ("calm", HOSTILE)
    )
    assert hostile.found == calm.found
    [read] = json.loads(hostile.content["data"])["questions"]
    assert (read["text"], read["title"], read["url"]) == (HOSTILE, HOSTILE, HOSTILE)
    assert hostile.content["script"] == SCRIPT


def test_data_in_a_script_element_has_no_character_that_could_end_it():
    text = embedded({"text": "".join(map(chr, range(0xD800))) + "</SCRIPT\t>&#60;"})
    assert not set("<>&\u2028\u2029\0\r\n") & set(text)
    assert text.isascii()


def test_the_policy_lets_the_pages_own_script_and_style_run_and_nothing_else():
    page = page_of(question(1))
    [policy] = [a["content"] for tag, a in page.found if a.get("http-equiv")]
    rules = dict(rule.strip().split(" ", 1) for rule in policy.split(";"))
    digests = {
        name: base64.b64encode(hashlib.sha256(page.content[name].encode()).digest()).decode()
        for name in ("script", "style")
    }
    assert rules == {
        "default-src": "'none'",
        "script-src": f"'sha256-{digests['script']}'",
        "style-src": f"'sha256-{digests['style']}'",
        "base-uri": "'none'",
        "form-action": "'none'",
    }


def test_the_page_loads_nothing_and_has_no_inline_handlers():
    page = page_of(question(1))
    names = {name for _, attributes in page.found for name in attributes}
    assert not {name for name in names if name.startswith("on")}
    assert not names & {"src", "href", "style", "srcset"}
    assert "url(" not in page.content["style"]
    assert not re.search(
        r"innerHTML|outerHTML|insertAdjacent|document\.write|eval\(|fetch\(", SCRIPT
    )


def test_annotators_do_not_see_what_a_stage_said():
    [read] = json.loads(page_of(question(1)).content["data"])["questions"]
    assert not set(read) & {"stratum", "run", "score"}


@pytest.mark.parametrize("task", TASKS)
def test_the_guide_and_the_names_of_values_are_in_the_page(task):
    data = json.loads(page_of(question(1, task=task)).content["data"])
    assert data["guide"] == TASKS[task].guide_text()
    assert task == "clutter" or set(data["names"]) >= {"category": {"world_history"}}.get(
        task, set()
    )


def test_equal_exports_share_what_a_browser_kept():
    first, again, other = (
        json.loads(page_of(*ones).content["data"])["sample"]
        for ones in ([question(1)], [question(1, title="new")], [question(2)])
    )
    assert first == again != other


def in_node(expression):
    """What the page's own functions give, run without a browser."""
    if not (node := shutil.which("node")):
        pytest.skip("no Node.js: the page's functions cannot be run")
    program = f"{SCRIPT}\nprocess.stdout.write(JSON.stringify({expression}));"
    ran = subprocess.run(
        [node, "-"], input=program, capture_output=True, text=True, encoding="utf-8", check=True
    )
    return json.loads(ran.stdout)


def as_json(*questions):
    rows = json.loads(page_of(*questions).content["data"])["questions"]
    return json.dumps(rows if len(rows) > 1 else rows[0])


def test_what_cannot_be_seen_is_named_and_all_else_is_shown():
    found = in_node(f"pieces({json.dumps(HOSTILE)})")
    assert "".join(one.get("text", "") for one in found) == "".join(
        char for char in HOSTILE if char not in "\0\u202e\u202c\u2028\u2029\ufeff"
    )
    names = [one["name"] for one in found if "name" in one]
    assert names == ["U+0000", "U+202E", "U+202C", "U+2028", "U+2029", "U+FEFF"]


def test_the_page_exports_labels_as_an_import_reads_them():
    asked = question(1, "Home\n\nA story.\nShare", task="clutter")
    made = in_node(f"labelOf({as_json(asked)}, [0, 1, 0], '王', 2)")
    values = {"Home": 0, "A story.": 1, "Share": 0}
    lines = tuple((digest_of_line(text), value) for text, value in values.items())
    expected = replace(asked.label("王", 2), lines=lines)
    assert parse_record("page", json.dumps(made).encode(), Label) == expected


def test_a_name_that_no_label_may_carry_is_mended():
    typed = json.dumps(" a\u202e\0b\ue000\u2028王 " + "x" * 300)
    assert in_node(f"nameOf({typed})") == ("ab王 " + "x" * 300)[:200]


def test_labels_of_another_text_or_with_a_foreign_value_are_not_loaded():
    asked = as_json(question(1))
    label = f"labelOf({asked}, 'good', 'a', 1)"
    calls = [
        f"answerOf({asked}, {label})",
        f"answerOf({asked}, {{...{label}, text_digest: 'x'}})",
        f"answerOf({asked}, {{...{label}, value: 'fine'}})",
        f"answerOf({asked}, {{...{label}, task: 'clutter'}})",
        f"answerOf({asked}, null)",
    ]
    assert in_node(f"[{', '.join(calls)}]") == ["good", None, None, None, None]


def test_the_command_writes_the_page_beside_its_questions(tmp_path):
    path = write_questions(tmp_path / "quality.jsonl", [question(1), question(2)])
    assert output("label", "page", path) == f"2 questions: {tmp_path}/quality.html\n"
    assert "<!doctype html>" in (tmp_path / "quality.html").read_text("utf-8")


@pytest.mark.parametrize(
    ("content", "fault", "code"),
    [
        ([], "holds no question; `curate label export` makes such a file", 2),
        ([question(1), question(2, task="clutter")], "has questions of clutter, quality", 2),
    ],
)
def test_what_is_no_file_of_questions_is_one_line(tmp_path, content, fault, code):
    path = write_questions(tmp_path / "q.jsonl", content)
    ran = curate("label", "page", path)
    assert ran.exit_code == code
    assert fault in message(ran)


def test_a_damaged_question_is_named_by_its_line(tmp_path):
    path = write_questions(tmp_path / "q.jsonl", [question(1)])
    path.write_bytes(path.read_bytes() + b'{"task": "quality"}\n')
    ran = curate("label", "page", path)
    assert ran.exit_code == 6
    assert f"{path}, line 2: is damaged" in message(ran)
