import pytest

from models.main_content.reading.blocks import read_blocks
from stages.extract.html import parse


def language_of(html):
    blocks, _ = read_blocks(parse(f"<html><body class='lang-en language-en'>{html}</body></html>"))
    (code,) = [block for block in blocks if block.written]
    return code.language


@pytest.mark.parametrize(
    ("html", "language"),
    [
        ("<pre><code class='language-python hljs'>x = 1</code></pre>", "python"),
        ("<pre class='language-mermaid'><code>a --> b</code></pre>", "mermaid"),
        ("<pre class='prettyprint lang-js'>x = 1</pre>", "js"),
        ("<pre class='brush: csharp; gutter: true'>x = 1</pre>", "csharp"),
        ("<div class='highlight-source-rust'><pre>let x = 1;</pre></div>", "rust"),
        ("<div class='highlight-python3 notranslate'><div class=highlight><pre>x", "python3"),
        ("<div class='language-ruby highlighter-rouge'><div><pre><code>x = 1", "ruby"),
        ("<pre class='sourceCode haskell'><code>x = 1</code></pre>", "haskell"),
        ("<div class='hljs c++'>int x;<br>int y;</div>", "c++"),
        ("<pre><code data-lang='go'>x := 1</code></pre>", "go"),
        (
            (
                "<figure class='highlight sql'><table><tr><td class=gutter><pre>1</pre></td>"
                "<td class=code><pre>select 1</pre></td></tr></table></figure>"
            ),
            "sql",
        ),
        ("<pre>x = 1</pre>", ""),
        ("<div class='go'><pre>x = 1</pre></div>", ""),
        ("<pre class='language-none'><code class='lang-plaintext'>x = 1</code></pre>", ""),
    ],
)
def test_code_knows_the_language_that_its_classes_name(html, language):
    assert language_of(html) == language
