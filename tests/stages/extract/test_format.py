import pytest

from curation import judge
from stages.extract import Extract, TextFormat, extract, extract_plain, load_tools
from tests.models.main_content.rendered import text_of, words

SENTENCES = [
    "The river rises in the northern hills and runs for ninety miles before it meets the sea.",
    "Along its upper course the water is clear and cold, and few people live on its banks.",
    "Farther down, two towns grew up around old mills, and both have kept their stone bridges.",
]
PAGE = f"""<html><head><title>On rivers</title></head><body><article><p>Share this:</p><h1>On rivers</h1>
<p>{SENTENCES[0]}</p><h2>Its course</h2><ul><li>{SENTENCES[1]}<li>{SENTENCES[2]}</ul>
<pre><code class="language-python">for town in river.towns:
    print(town)</code></pre><p>1. {SENTENCES[0]}</p><p>责任编辑：王某</p></article></body></html>"""
MARKDOWN = f"""# On rivers

{SENTENCES[0]}

## Its course

- {SENTENCES[1]}
- {SENTENCES[2]}

```python
for town in river.towns:
    print(town)
```

1\\. {SENTENCES[0]}"""


@pytest.fixture(scope="module")
def tools():
    return load_tools(text_format=TextFormat.MARKDOWN)


def test_a_page_comes_out_as_markdown_without_its_keyword_lines(tools):
    assert extract(PAGE.encode(), url="http://e.org/", tools=tools).text == MARKDOWN


@pytest.mark.parametrize("head", ["", "<p>Advertisement</p><h4>Share this:</h4>"])
def test_the_same_keyword_lines_are_cut_in_both_formats(tools, head):
    body = PAGE.replace("<h1>", f"{head}<h1>").encode()
    plain = extract(body, url="http://e.org/").text
    markdown = extract(body, url="http://e.org/", tools=tools).text
    assert words(text_of(markdown)) == words(plain)
    assert markdown.startswith("# On rivers")


def test_a_page_whose_rule_names_several_elements_is_one_text(tmp_path):
    (tmp_path / "e.toml").write_text('domains = ["e.org"]\n[extract]\nbody = ["//li", "//p"]\n')
    named = load_tools(sites=str(tmp_path), text_format=TextFormat.MARKDOWN)
    text = extract(PAGE.encode(), url="http://e.org/", tools=named).text
    assert text == "\n\n".join(SENTENCES[1:])


def test_plain_text_is_escaped_too():
    body = b"# not a heading\r\n\r\nsecond *line*"
    text = extract_plain(body, text_format=TextFormat.MARKDOWN).text
    assert text == "\\# not a heading\n\nsecond \\*line\\*"


def test_a_pipeline_is_offered_it():
    table = judge([{"html": PAGE, "url": "http://e.org/"}], [Extract(format=TextFormat.MARKDOWN)])
    assert "\n\n## Its course\n\n- " in table.column("text")[0].as_py()
