import re

import pytest

from models.main_content import read_lines
from stages.extract.html import parse

CODE = "for row in rows:\n    if row.ok:\n        total += row.value\n\nprint(total)\n"


def lines(html):
    return read_lines(parse(f"<html><body>{html}</body></html>"))


def spans(text):
    """Each word in an element of its own, as highlighters have it."""
    return "".join(
        part if part.isspace() else f"<span class=k>{part}</span>"
        for part in re.split(r"(\s+)", text)
    )


CODE_LINES = CODE.rstrip("\n").split("\n")
NUMBERS = "\n".join(str(number) for number in range(1, len(CODE_LINES) + 1))
ROWS = "".join(
    f"<tr><td class=hljs-ln-numbers data-line-number={n}>{n}</td><td>{line}</td></tr>"
    for n, line in enumerate(CODE_LINES, 1)
)
NBSP = [line.replace("    ", "&nbsp;" * 4) for line in CODE_LINES]
PIECES = CODE_LINES[:2], CODE_LINES[2:]
WAYS = {
    "plain": f"<pre>{CODE}</pre>",
    "first line end": f"<pre>\n{CODE}</pre>",
    "carriage returns": f"<pre>{CODE}</pre>".replace("\n", "&#13;&#10;"),
    "spans": f"<div class=highlight><pre><code>{spans(CODE)}</code></pre></div>",
    "code that asks for numbers": f"<pre><code class='language-python line-numbers'>{CODE}</code></pre>",
    "breaks in pre": f"<pre><code>{'<br>'.join(CODE_LINES)}</code></pre>",
    "elements as lines": "<pre>"
    + "".join(f"<div class=line>{line or '<br>'}</div>" for line in CODE_LINES)
    + "</pre>",
    "a table with a gutter": "<figure class=highlight><table><tr><td class=gutter>"
    f"<pre>{NUMBERS}</pre></td><td class=code><pre>{CODE}</pre></td></tr></table></figure>",
    "a gutter without a name": f"<table><tr><td><pre>{NUMBERS}</pre></td><td><pre>{CODE}</pre></td></tr>"
    "</table>",
    "a row for each line": f"<pre><code><table class=hljs-ln><tbody>{ROWS}</tbody></table></code></pre>",
    "numbers in spans": "<pre>"
    + "".join(f"<span class=lineno>{n} </span>{line}\n" for n, line in enumerate(CODE_LINES, 1))
    + "</pre>",
    "an ordered list": "<pre class=prettyprint><ol class=linenums>"
    + "".join(f"<li class=L0>{line or ' '}</li>" for line in CODE_LINES)
    + "</ol></pre>",
    "a list of numbers behind": f"<pre><code>{CODE}</code><ul class=pre-numbering>"
    + "".join(f"<li>{n}</li>" for n in range(1, 6))
    + "</ul></pre>",
    "a button to copy": f"<pre><code>{CODE}</code><button>Copy</button></pre>",
    "breaks and no-break spaces": "<div class=code>\n  " + "<br>\n  ".join(NBSP) + "\n</div>",
    "inline code with breaks": f"<p><code>{'<br>'.join(NBSP)}</code></p>",
    "a highlighter without pre": "<div class=syntaxhighlighter><table><tr><td class=gutter>"
    + "".join(f"<div class=line>{n}</div>" for n in range(1, 6))
    + "</td><td class=code><div class=container>"
    + "".join(f"<div class=line><code>{line or '&nbsp;'}</code></div>" for line in NBSP)
    + "</div></td></tr></table></div>",
    "a code for each line": "<section class=code-snippet__js><pre class=code-snippet__js>"
    + "".join(f"<code><span>{line or '<br>'}</span></code>" for line in CODE_LINES)
    + "</pre></section>",
    "a span for each piece": "<pre>"
    + "".join(f"<span id=s{n}>{'<br>'.join(part)}</span>" for n, part in enumerate(PIECES))
    + "</pre>",
    "a board's list": "<div class=blockcode><div><ol>"
    + "".join(f"<li>{line}<br>" for line in NBSP)
    + "</ol></div><em onclick=copycode()>复制代码</em></div>",
    "a highlighter's box": "<div style='border-left: #cccccc 1px solid; word-break: break-all'>"
    + "<br>".join(f"<span style='color: #000000'>{line}</span>" for line in NBSP)
    + "</div>",
    "a box made by hand": "<div style='BACKGROUND-COLOR: #eeeeee; FONT-FAMILY: Courier New'>"
    + "<br />".join(NBSP)
    + "</div>",
    "numbers at the head of lines": "<div class=cnblogs_code><pre>"
    + "\n".join(f"<span>{n:2}</span> {line}".rstrip() for n, line in enumerate(CODE_LINES, 1))
    + "</pre></div>",
    "numbers beside pre": f"<div><pre>{CODE}</pre><div class=line-numbers-wrapper>"
    + "".join(f"<span class=line-number>{n}</span><br>" for n in range(1, 6))
    + "</div></div>",
    "an editor's lines": "<div class=cm-content>"
    + "".join(f"<div class=cm-line>{line or '<br>'}</div>" for line in CODE_LINES)
    + "</div>",
    "lines in a box of their own": "<div class=highlight>\n  "
    + "\n  ".join(f"<div>{line or '&nbsp;'}</div>" for line in NBSP)
    + "\n</div>",
    "an editor's lines, each in a line of the source": "<div class=cm-content>\n"
    + "\n".join(f"<div class=cm-line>{line or '<br>'}</div>" for line in CODE_LINES)
    + "\n</div>",
    "Doxygen's": "<div class=fragment>"
    + "\n".join(
        f"<div class=line><a name=l{n}></a><span class=lineno> {n}</span>{line or '<br>'}</div>"
        for n, line in enumerate(CODE_LINES, 1)
    )
    + "</div>",
    "the name of the language": f"<div><span class=lang>py</span><pre>{CODE}</pre></div>",
    "a wiki's list": "<div class=mw-geshi><div class='lua source-lua'><ol>"
    + "\n".join(f"<li class=li1><div class=de1>{line or '&nbsp;'}</div></li>" for line in NBSP)
    + "</ol></div></div>",
    "a table of lines with their numbers": "<table class=code><thead><tr><th class=lineno>Line</th>"
    "<th class=content> </th></tr></thead><tbody>"
    + "".join(
        f"<tr><th><a>{n}</a></th><td>{line}</td></tr>" for n, line in enumerate(CODE_LINES, 1)
    )
    + "</tbody></table>",
    "a list of lines without pre": "<div class=dp-highlighter><div class=bar><div class=tools>"
    "<b>[python]</b> <a>view plain</a><a>copy</a></div></div><ol class=dp-py>"
    + "".join(f"<li><span>{line or '&nbsp;'}&nbsp;</span></li>" for line in NBSP)
    + "</ol></div>",
    "a list that is a highlighter's": "<ol class='EnlighterJS'>"
    + "".join(f"<li><span>{line}</span></li>" for line in (one or "&nbsp;" for one in NBSP))
    + "</ol>",
    "a style that keeps lines in a listing": "<div class=codeblock style='white-space:pre-wrap'>"
    f"{'<br>'.join(CODE_LINES)}</div>",
    "the head of a listing": "<pre><div class=code-block-extension-header><span>python</span>"
    f"<div>复制代码</div></div><code class=hljs>{CODE}</code></pre>",
    "a file on a code host": "<table class='highlight js-file-line-container'>\n"
    + "".join(
        f"  <tr>\n <td class=blob-num></td>\n <td class=blob-code>{line}</td>\n </tr>\n"
        for line in CODE_LINES
    )
    + "</table>",
}


@pytest.mark.parametrize("way", WAYS)
def test_code_reads_as_it_was_written_however_a_page_shows_it(way):
    assert lines(f"<p>before</p>{WAYS[way]}<p>after</p>") == ["before", CODE, "after"]


def test_tabs_and_markup_signs_stay():
    assert lines("<pre>a &lt; b\n\treturn &amp;c</pre>") == ["a < b\n\treturn &c\n"]


def test_a_poem_in_pre_keeps_its_lines_and_stanzas():
    poem = "The lamp is low,\n  the tide is out,\n\nand nobody calls.\n"
    assert lines(f"<pre>{poem}</pre>") == [poem]


def test_a_pre_that_holds_paragraphs_is_read_as_text():
    assert lines("<pre><p>one\n two</p><p>three</p></pre>") == ["one two", "three"]


@pytest.mark.parametrize(
    "text", ["1 ham\n2 jam\n3 lamb\n", "1 (a)\n3 (b)\n4 (c)\n", "1 f(x)\n2 g(x)\n"]
)
def test_numbers_at_the_head_of_other_lines_stay(text):
    assert lines(f"<pre>{text}</pre>") == [text]


def test_numbers_that_stand_alone_are_text():
    assert lines("<pre>1\n2\n3</pre>") == ["1\n2\n3\n"]


def test_pieces_of_code_in_a_line_of_pre_are_one_line():
    assert lines("<pre><code>a</code> = <code>b</code>\n<code>c</code></pre>") == ["a = b\nc\n"]


def test_a_table_of_data_in_what_is_called_code_is_one():
    table = "<table><tr><th>Year<th>Trips</tr><tr><td>1911<td>64</tr></table>"
    assert lines(f"<div class='sqs-block code-block'>{table}</div>") == [
        "| Year | Trips |",
        "| 1911 | 64 |",
    ]


def test_what_slides_uncover_is_no_code():
    assert lines("<div class=fragment><div>One</div><div>two</div></div>") == ["One", "two"]


def test_a_bar_that_is_no_part_of_code_is_read():
    assert lines("<div class=bar>The bar is open.</div>") == ["The bar is open."]


def test_a_word_of_code_in_a_sentence_ends_no_line():
    assert lines("<p>call <code>f()</code> now</p>") == ["call f() now"]


def test_a_class_called_code_makes_no_code_of_a_sentence():
    assert lines("<div class=code>Product\n code: <b>17</b></div>") == ["Product code: 17"]


@pytest.mark.parametrize("style", ["white-space: pre-wrap", "white-space:pre"])
def test_a_style_that_keeps_line_ends_keeps_them(style):
    assert lines(f"<div style='{style}'>roses\n  are red</div>") == ["roses\n  are red\n"]


def test_one_line_whose_style_would_keep_others_is_as_any():
    assert lines("<p style='white-space:pre-wrap'>roses are red</p>") == ["roses are red"]
