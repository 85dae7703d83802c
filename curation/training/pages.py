"""Labelled pages made ready for training: text as extracted, text in full, markup, main text.

``python -m curation.training.pages DATA PAGES`` reads DATA/extraction and writes one JSON line a
page to PAGES (gzip). Only pages whose licence lets weights be shipped are read.
"""

from __future__ import annotations

import gzip
import json
import sys
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from stages.extract.markup import measure_markup

ALLOWED_SOURCES = {"immortal_cleaneval", "immortal_2022", "cx163", "gne_mit", "gerapy"}
"""Chinese sources under MIT or Apache-2.0; the English pages are CC-BY-4.0 throughout."""

BLOCKS = frozenset(
    [
        "address",
        "article",
        "aside",
        "blockquote",
        "body",
        "br",
        "button",
        "caption",
        "center",
        "dd",
        "div",
        "dl",
        "dt",
        "fieldset",
        "figcaption",
        "figure",
        "footer",
        "form",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "header",
        "hr",
        "html",
        "iframe",
        "legend",
        "li",
        "main",
        "nav",
        "ol",
        "option",
        "p",
        "pre",
        "section",
        "select",
        "summary",
        "table",
        "tbody",
        "td",
        "textarea",
        "tfoot",
        "th",
        "thead",
        "title",
        "tr",
        "ul",
    ]
)
UNSEEN = frozenset(["head", "script", "style", "noscript", "template", "svg"])


@dataclass(frozen=True)
class LabelledPage:
    """A page: ``text`` as trafilatura extracts it, ``full`` all that shows, ``main`` the truth."""

    id: str
    language: str
    site: str
    url: str
    page_type: str
    title: str
    text: str
    full: str
    main: str
    markup: dict[str, int]


def full_lines(tree: Any) -> list[str]:
    """Every line that a reader of the page sees, one for each block, in order."""
    lines: list[str] = [""]
    _walk(tree, lines)
    return [line for line in (" ".join(raw.split()) for raw in lines) if line]


def _walk(element: Any, lines: list[str]) -> None:
    tag = element.tag
    if isinstance(tag, str) and tag not in UNSEEN:
        if tag in BLOCKS:
            lines.append("")
        lines[-1] += element.text or ""
        for child in element:
            _walk(child, lines)
            lines[-1] += child.tail or ""
        if tag in BLOCKS:
            lines.append("")


def prepare(row: dict[str, Any], folder: Path, language: str) -> LabelledPage:
    """Parse and extract one page of the manifest."""
    import trafilatura
    from lxml import html

    body = gzip.decompress((folder / "html" / f"{row['id']}.html.gz").read_bytes())
    source = body.decode(row.get("actual", "utf-8"), errors="replace").replace("\0", "")
    parser = html.HTMLParser(encoding="utf-8", huge_tree=True)
    tree = html.document_fromstring(source.encode("utf-8", "replace"), parser=parser)
    text = trafilatura.extract(source, include_comments=False) or ""
    return LabelledPage(
        id=row["id"],
        language=language,
        site=_site(row),
        url=row["url"],
        page_type=row["page_type"],
        title=" ".join((tree.findtext(".//title") or "").split()),
        text=text,
        full="\n".join(full_lines(tree)),
        main=_main_text(row["id"], folder),
        markup=measure_markup(tree, len(source)).as_row(),
    )


def _site(row: dict[str, Any]) -> str:
    host = (urlsplit(row["url"]).hostname or "").removeprefix("www.")
    return row["source"] if host.endswith(".invalid") else host


def _main_text(page_id: str, folder: Path) -> str:
    labelled = folder / "gt" / f"{page_id}.json"
    plain = folder / "gt" / f"{page_id}.txt"
    if labelled.exists():
        return json.loads(labelled.read_text())["main_content"] or ""
    return plain.read_text() if plain.exists() else ""


def prepare_all(data: Path) -> Iterator[LabelledPage]:
    """Every page whose licence allows it, English first."""
    for language in ("en", "zh"):
        folder = data / "extraction" / language
        for line in (folder / "manifest.jsonl").read_text().splitlines():
            row = json.loads(line)
            if row.get("source") in ALLOWED_SOURCES or language == "en":
                yield prepare(row, folder, language)


def read_prepared(path: Path) -> list[LabelledPage]:
    """The pages that this script wrote."""
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        return [LabelledPage(**json.loads(line)) for line in lines]


def main(data: str, pages: str) -> None:
    """Prepare every page of DATA and write them to PAGES."""
    with gzip.open(pages, "wt", encoding="utf-8") as out:
        for page in prepare_all(Path(data)):
            out.write(json.dumps(asdict(page), ensure_ascii=False) + "\n")


if __name__ == "__main__":
    main(*sys.argv[1:3])
