"""Formulas as TeX, once each: pages hold them twice or three times, for eyes, ears and copying."""

from __future__ import annotations

import re
from typing import Any

from models.main_content.reading.mathml import to_tex
from models.main_content.reading.page_elements import TAG, PageElements
from models.main_content.reading.words import NUMBER

MAX_HOST_LEVELS = 6
"""How far above a ``math`` element its renderer's own element stands: five in KaTeX and MathJax."""

_HOSTS = re.compile(
    r"(?:^|\s)(?:katex|MathJax|mjx-|MJX|mwe-math-element|math-inline|ztext-math)", re.IGNORECASE
)
_DISPLAY = re.compile(r"display|block", re.IGNORECASE)
_RENDERED = re.compile(r"(?:^|\s)(?:MathJax|mjx-|MJX)")
_MATH_IMAGE = re.compile(
    r"(?:^|[\s_-])(?:tex|latex|math|formula|equation|mwe-math\S*)(?:$|[\s_-])", re.IGNORECASE
)
_MATH_SOURCE = re.compile(
    r"latex|mathtex|mimetex|[/?&]tex(?:=|\?|\b)|/math/|equation", re.IGNORECASE
)
_ICON = re.compile(r"/icons?/")
"""LaTeX2HTML has its arrows in such a folder."""
_TEX = re.compile(r"\\(?:[a-zA-Z]{2,20}|[,;!{}])|[\^_]\{|^\$.+\$$")
_TEX_SIGNS = frozenset("\\{$")
_FILE = re.compile(r"[a-zA-Z]:\\|\.(?:png|jpe?g|gif|svg|webp)$", re.IGNORECASE)
_WRAPPED = re.compile(r"\{\s*\\(?:displaystyle|textstyle)\s+(.*)\}", re.DOTALL)
_DELIMITERS = (("$$", "$$"), ("\\[", "\\]"), ("\\(", "\\)"), ("$", "$"))


def has_formulas(page: PageElements) -> bool:
    """Whether a page has elements for `read_formulas`."""
    if len(page.named("math")):
        return True
    kinds = page.having("type").tolist()
    is_script = page.tags[:, TAG] == NUMBER["script"]
    return any(
        is_script[element] and page.value(start, end).startswith("math/tex")
        for element, start, end in kinds
    )


def read_formulas(tree: Any) -> dict[Any, str]:
    """What to read in place of the elements that show formulas, "" for further copies of one.

    A formula is ``$…$``, or ``$$…$$`` where it stands by itself. Images are left to
    ``tex_of_image``.
    """
    readings: dict[Any, str] = {}
    for math in tree.iter("math"):
        host = _host_of(math)
        readings[host] = delimit(_source_of(math), is_display=_is_display(math, host))
        readings.update((image, "") for image in host.iter("img"))
    for script in tree.iter("script"):
        kind = script.get("type")
        if kind and kind.startswith("math/tex"):
            readings[script] = delimit(script.text or "", is_display="mode=display" in kind)
            readings.update((rendered, "") for rendered in _rendered_before(script))
    return readings


def _host_of(math: Any) -> Any:
    """The outermost element near a ``math`` that shows nothing but this formula."""
    host = math
    for level, above in enumerate(math.iterancestors()):
        if level == MAX_HOST_LEVELS:
            break
        if above.tag == "mjx-container" or _HOSTS.search(above.get("class") or ""):
            host = above
    return host


def _is_display(math: Any, host: Any) -> bool:
    return (
        math.get("display") == "block"
        or host.get("display") == "true"
        or (host is not math and _DISPLAY.search(host.get("class") or "") is not None)
    )


def _source_of(math: Any) -> str:
    """The TeX that a ``math`` element was made from, else TeX made from it."""
    for annotation in math.iter("annotation"):
        if "tex" in (annotation.get("encoding") or "").lower():
            return annotation.text or ""
    return math.get("alttext") or to_tex(math)


def tex_of_image(alt: str, label: str, source: str, *, is_marked: bool) -> str:
    r"""The formula that an image shows, if it says so: in class, address, or the look of its alt.

    >>> tex_of_image("x", "", "", is_marked=False), tex_of_image("x", "", "", is_marked=True)
    ('', '$x$')
    """
    is_prose = " " in alt and _TEX_SIGNS.isdisjoint(alt) and not is_marked
    if is_prose or not alt or alt.isspace() or _FILE.search(alt) or _ICON.search(source):
        return ""
    is_math = is_marked or _TEX.search(alt) is not None
    if not is_math and " " not in alt:
        is_math = any(
            pattern.search(value)
            for pattern, value in ((_MATH_IMAGE, label), (_MATH_SOURCE, source))
            if value
        )
    return delimit(alt, is_display=False) if is_math else ""


def _rendered_before(script: Any) -> list[Any]:
    """What MathJax has put before a script that holds the source: preview and formula."""
    found = []
    other = script.getprevious()
    while other is not None and _RENDERED.search(other.get("class") or "") and not other.tail:
        found.append(other)
        other = other.getprevious()
    return found


def delimit(source: str, *, is_display: bool) -> str:
    r"""The source in dollars, without what wraps it already; "" for none.

    >>> delimit(r"{\displaystyle  x^{2}}", is_display=False)
    '$x^{2}$'
    """
    tex = " ".join(source.split())
    wrapped = _WRAPPED.fullmatch(tex)
    tex = wrapped.group(1).strip() if wrapped else tex
    for start, end in _DELIMITERS:
        if len(tex) > len(start + end) and tex.startswith(start) and tex.endswith(end):
            tex, is_display = (
                tex[len(start) : -len(end)].strip(),
                is_display or start in {"$$", "\\["},
            )
    sign = "$$" if is_display else "$"
    return f"{sign}{tex}{sign}" if tex else ""
