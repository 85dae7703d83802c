"""The language that a page says a piece of code is in: highlighters name it in classes."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from itertools import islice
from typing import Any

MAX_WRAPPERS = 5
"""How far above a piece of code its highlighter's own element stands: a table with line numbers."""

_NAMED = re.compile(
    r"(?:^|\s)(?:language|lang|highlight-source|highlight-text|brush)(?:-|:\s?)([\w+#.-]{1,30})",
    re.IGNORECASE,
)
_HIGHLIGHTED = re.compile(
    r"(?:^|\s)(?:hljs|highlight|sourcecode|codehilite|prettyprint|crayon-pre|syntaxhighlighter)"
    r"(?:\s|$|-)",
    re.IGNORECASE,
)
LANGUAGES = frozenset((
    "asm", "awk", "bash", "bat", "c", "c#", "c++", "clojure", "cmake", "console", "cpp", "cs",
    "csharp", "css", "cuda", "d", "dart", "diff", "docker", "dockerfile", "elixir", "erlang",
    "fortran", "go", "golang", "gradle", "graphql", "groovy", "haskell", "hs", "html", "http",
    "ini", "java", "javascript", "js", "json", "jsx", "julia", "kotlin", "latex", "less", "lisp",
    "lua", "makefile", "markdown", "matlab", "nginx", "objc", "objectivec", "ocaml", "pascal",
    "perl", "php", "powershell", "properties", "protobuf", "py", "python", "python3", "r", "rb",
    "ruby", "rust", "sas", "scala", "scheme", "scss", "sh", "shell", "sql", "swift", "tex", "toml",
    "ts", "tsx", "typescript", "vb", "verilog", "vhdl", "vim", "vue", "xml", "yaml", "yml", "zsh",
))  # fmt: skip
"""What a class that is no more than a name may say beside a highlighter's own."""

_NOT_NAMES = frozenset((
    "auto", "default", "none", "plain", "plaintext", "text", "txt", "undefined", "unknown",
    "nohighlight", "fallback",
    # Languages that people speak: themes name them on what is above the code.
    "de", "en", "es", "fr", "it", "ja", "ko", "pt", "ru", "zh", "zh-cn", "en-us",
))  # fmt: skip


def language_of(element: Any) -> str:
    """The name in lower case, from the code itself, what it holds or what wraps it; "" for none.

    >>> from lxml import html
    >>> language_of(html.fromstring("<pre><code class='hljs language-Rust'>x"))
    'rust'
    """
    for one in _named_elements(element):
        declared = (one.get("data-lang") or one.get("data-language") or "").lower()
        name = declared if declared in LANGUAGES else name_in(one.get("class") or "")
        if name:
            return name
    return ""


def _named_elements(element: Any) -> Iterator[Any]:
    yield element
    yield from islice(element.iterdescendants("code", "pre", "table"), 1)
    yield from islice(element.iterancestors(), MAX_WRAPPERS)


@lru_cache(maxsize=1 << 12)
def name_in(label: str) -> str:
    """The language that classes name.

    >>> [name_in(label) for label in ("brush: js; gutter", "sourceCode python", "lang-en", "go")]
    ['js', 'python', '', '']
    """
    for match in _NAMED.finditer(label):
        name = match[1].lower().strip(".-")
        if name and name not in _NOT_NAMES:
            return name
    if _HIGHLIGHTED.search(label):
        names = (part.lower().removeprefix("highlight-") for part in label.split())
        return next((name for name in names if name in LANGUAGES), "")
    return ""
