"""What is read in place of elements, and which are not shown: of the oracle, element by element."""

import re

from lxml import etree

from models.main_content.reading import listings
from models.main_content.reading.elements import INLINE
from models.main_content.reading.formulas import delimit, read_formulas, tex_of_image
from models.main_content.reading.styles import hides, is_unfolding

MIN_COVERED_CHARS = 200
MAX_SHEET_CHARS = 20_000
LINK_MARKS = frozenset("¶#§^↑↩↪⤴⏎🔗⚓\ufe0e\ufe0f")
WIKI_TOOLS = frozenset((
    "mw-editsection", "editsection", "mw-cite-backlink", "edit-icon", "pstatus", "backword",
))  # fmt: skip
_LETTERS = re.compile(r"[\W_]+")
text_of = etree.XPath("string()")


class Marks:
    """What is to be read in place of the elements of one page.

    ``formulas`` says what elements of any kind show, "" for a further copy. ``covered`` has the
    elements inside lines that have been met and hide much text.
    """

    def __init__(self, tree):
        tools = {element: "" for element in tree.iter(etree.Element) if is_tool(element)}
        self.formulas = {**tools, **read_formulas(tree)}
        self.covered: set = set()
        classes, ids = names_hidden_by_sheets(tree)
        self.hidden_handles = {
            element
            for element in tree.iter(etree.Element)
            if is_hidden(element) or is_decoy(element, classes, ids)
        }
        self.instead_by_handle = self.formulas

    def is_covered(self, element):
        """Whether neither a browser nor a click shows it."""
        return element in self.hidden_handles and not unfolds(element)

    def instead_of(self, element, tag: str):
        """What an element inside a line reads as, "" for nothing; None if as its own text."""
        if self.formulas and element in self.formulas:
            return self.formulas[element]
        if tag == "img":
            return _tex_of_image(element)
        if element in self.hidden_handles:
            if len(text_of(element)) < MIN_COVERED_CHARS:
                return ""
            self.covered.add(element)
            return None
        return _tex_of_span(element) if tag == "span" else None


def _tex_of_image(image):
    label, source = image.get("class") or "", image.get("src") or ""
    is_marked = image.get("eeimg") is not None
    return tex_of_image(image.get("alt") or "", label, source, is_marked=is_marked)


def _tex_of_span(span):
    tex = span.get("data-tex")
    return delimit(tex, is_display=False) if tex else None


def is_hidden(element):
    """Whether an element's attributes keep its text from being seen.

    Of two neighbours with the same text one of which is ``aria-hidden``, that one is a copy for
    the eye. ``hidden="until-found"`` is text that a browser's search finds, so it is read; a
    ``dialog`` is shown where it is ``open``.
    """
    style, hidden = element.get("style"), element.get("hidden")
    return (
        (style is not None and hides(style))
        or (hidden is not None and hidden.lower() != "until-found")
        or (element.get("aria-hidden") == "true" and _is_copy(element))
        or (element.tag == "dialog" and element.get("open") is None)
    )


def is_tool(element):
    """Whether it is a link that is a mark, or a wiki's link to edit."""
    if element.tag == "a" and len(text_of(element)) <= 3:
        return text_of(element).strip() != "" and set(text_of(element).strip()) <= LINK_MARKS
    label = element.get("class") or ""
    if listings.names_language(label, text_of(element)):
        return True
    if listings.names_numbers(label):
        numbers = " ".join(element.itertext()).split()
        return len(numbers) > 1 and listings.numbers_lines("\n".join(numbers))
    return not WIKI_TOOLS.isdisjoint(label.split())


def names_hidden_by_sheets(tree):
    """The classes and ids of which rules of one name alone say that they are not shown."""
    names = {".": set(), "#": set()}
    left = MAX_SHEET_CHARS
    for sheet in tree.iter("style"):
        css, left = text_of(sheet)[:left], max(0, left - len(text_of(sheet)))
        for selector in hiding_selectors(re.sub(r"(?s)/\*.*?(\*/|$)", "", css)):
            for one in selector.split(","):
                if found := re.fullmatch(r"([a-zA-Z][\w-]*)?([.#])([\w-]+)", one.strip()):
                    names[found[2]].add(found[3])
    return names["."], names["#"]


def hiding_selectors(css):
    """Those of rules that stand in no other."""
    depth, last, selector, own = 0, 0, "", ""
    for match in re.finditer("[{};]|$", css):
        piece, last = css[last : match.start()], match.end()
        if depth == 1:
            own += f"{piece};"
        if match[0] == "{":
            depth += 1
            if depth == 1:
                selector, own = piece, ""
        elif match[0] == "}":
            if depth == 1 and re.search("y *: *(none|hidden)", own):
                yield selector
            depth = max(0, depth - 1)


def is_decoy(element, classes, ids):
    """Whether style sheets hide a part of a line beside other text."""
    above = element.getparent()
    is_named = (element.get("class") or "") in classes or element.get("id") in ids
    if above is None or element.tag not in INLINE or not is_named:
        return False
    own = text_of(element).strip()
    return own != "" and len(text_of(above).strip()) > len(own)


def unfolds(element):
    """Whether a hidden element is one that a click shows: of an accordion, of tabs, of slides."""
    above = element.getparent()
    names = [element.get("class"), element.get("id"), element.get("role")]
    if above is not None:
        names.append(above.get("class"))
    return any(is_unfolding(name) for name in names if name)


def _is_copy(element):
    """Whether the element before or after has the same letters and digits."""
    own: str | None = None
    for other in (element.getprevious(), element.getnext()):
        if other is not None and isinstance(other.tag, str):
            own = _letters(element) if own is None else own
            if own and _letters(other) == own:
                return True
    return False


def _letters(element):
    return _LETTERS.sub("", text_of(element)).lower()
