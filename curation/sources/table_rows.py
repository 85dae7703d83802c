"""The page in a row of a table."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass

from schemas.page import Page, doc_id


@dataclass(frozen=True, slots=True)
class TableColumns:
    """The names of the columns; a file need not have all, but html or text it must have."""

    url: str = "url"
    """The column of the address."""
    html: str = "html"
    """The column of the page as it was served: bytes, or a string."""
    text: str = "text"
    """The column of a text that is extracted already."""
    title: str = "title"
    """The column of its title."""
    date: str = "date"
    """The column of the time of the capture."""
    doc_id: str = "id"
    """The column of an id, of which ``doc_id`` is made; else of address, date and content."""

    def names(self) -> list[str]:
        """All of them."""
        return [self.url, self.html, self.text, self.title, self.date, self.doc_id]


class BadRowError(ValueError):
    """A row is not what the columns say."""


def page_of_row(row: Mapping[str, object], columns: TableColumns, source: str, number: int) -> Page:
    """The page in a row. Html that is a string already is given as UTF-8 and says so.

    Raises BadRowError for a row without html and text, or with values of other types.
    """
    html, text = row.get(columns.html), _string(row, columns.text)
    if not isinstance(html, str | bytes | None):
        raise BadRowError(f"{columns.html} is a {type(html).__name__}, not a string")
    if html is None and columns.text not in row:
        raise BadRowError(f"the row has neither {columns.html!r} nor {columns.text!r}")
    if html is None and row[columns.text] is None:
        raise BadRowError(f"{columns.html!r} and {columns.text!r} are both null")
    is_decoded = isinstance(html, str)
    body = html.encode("utf-8", "replace") if isinstance(html, str) else html or b""
    url, date = _string(row, columns.url), _string(row, columns.date)
    given = _string(row, columns.doc_id)
    return Page(
        doc_id=doc_id(given) if given else doc_id(url, date, _digest(body, text)),
        url=url,
        date=date,
        source=source,
        offset=number,
        status=200,
        content_type="text/plain" if html is None else "text/html",
        http_charset="utf-8" if is_decoded else "",
        body=body,
        text=text,
        title=_string(row, columns.title),
    )


def _string(row: Mapping[str, object], name: str) -> str:
    """A value as text, "" if there is none; numbers and dates as they are written."""
    value = row.get(name)
    if value is None:
        return ""
    if isinstance(value, list | dict | bytes):
        raise BadRowError(f"{name} is a {type(value).__name__}, not a string")
    text = str(value)
    # JSON may hold halves of surrogate pairs, which no later table can store.
    return text if text.isascii() else text.encode("utf-8", "replace").decode("utf-8")


def _digest(body: bytes, text: str) -> str:
    digest = hashlib.sha1(body, usedforsecurity=False)
    digest.update(b"\0" + text.encode("utf-8"))
    return digest.hexdigest()
