"""What a CommonMark parser makes of Markdown: its text, and the kinds of its parts."""

import re

from markdown_it import MarkdownIt

PARSER = MarkdownIt("commonmark").enable(["table", "strikethrough"])
MARKS = frozenset("|\\")


def text_of(markdown):
    """The text that is shown, a line for each paragraph, cell or piece of code."""
    return "\n".join(_shown(token) for token in PARSER.parse(markdown) if _shown(token))


def _shown(token):
    if token.type == "inline":
        return "".join(
            "\n" if part.type.endswith("break") else part.content for part in token.children or []
        )
    return token.content if token.type in {"fence", "code_block", "html_block"} else ""


def words(text):
    """The words of a text, and of a rendered one, in order."""
    return re.findall(r"[^\W_]+", text)


def kinds(markdown):
    """The types of what opens or stands by itself, without inlines and paragraphs."""
    return [
        token.type.removesuffix("_open")
        for token in PARSER.parse(markdown)
        if token.nesting >= 0 and token.type not in {"inline", "paragraph_open"}
    ]
