"""What elements are to a reader: parts of a line, ends of one, or no text."""

VOID_IN_BROWSERS = frozenset(("bgsound", "embed", "keygen", "source", "track", "wbr"))
"""Elements that hold nothing in browsers; in libxml2's tree what follows stands in them."""

INLINE = VOID_IN_BROWSERS | frozenset((
    "a", "abbr", "acronym", "b", "bdi", "bdo", "big", "cite", "code", "data", "del", "dfn", "em",
    "font", "i", "img", "ins", "kbd", "label", "mark", "nobr", "output", "q", "rb", "ruby", "s",
    "samp", "small", "span", "strike", "strong", "sub", "sup", "time", "tt", "u", "var",
))  # fmt: skip
RAISED = frozenset(("sup", "sub"))


def is_inline(name: str) -> bool:
    """Whether an element is a part of a line: Word's own (``st1:chsdate``) are, too."""
    return name in INLINE or ":" in name


SKIPPED = frozenset((
    "applet", "audio", "base", "canvas", "datalist", "head", "iframe", "input", "link",
    "map", "marquee", "math", "meta", "meter", "object", "option", "progress", "rp", "rt", "rtc",
    "script", "select", "style", "svg", "textarea", "title", "video",
))  # fmt: skip
"""What is no text, and the readings of ruby: they stand above its characters, not among them."""

HEADING_LEVELS = {f"h{level}": level for level in range(1, 7)}

LINE_BREAKS = frozenset(("br", "hr"))

CONTEXTS = (
    "nav", "header", "footer", "aside", "form", "table", "ul", "ol", "article", "main", "section",
    "figure", "blockquote", "pre", "dl", "details", "address", "noscript", "button",
)  # fmt: skip
"""What text may stand in, however deep."""
