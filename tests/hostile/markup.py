"""Hostile HTML: each maker takes a size in units of a thousand and gives a page's bytes."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from itertools import pairwise
from random import Random

Maker = Callable[[int], bytes]

SENTENCE = "The mill by the river was built of grey stone, and it still turns in the spring. "


def nested(opening: str, closing: str = "") -> Maker:
    """Tags within tags; without ``closing`` they are never closed."""

    def make(size: int) -> bytes:
        depth = size * 1000
        return (opening * depth + SENTENCE + closing * depth).encode()

    return make


def repeated(unit: str, before: str = "", after: str = "") -> Maker:
    """One piece of markup over and over."""

    def make(size: int) -> bytes:
        return (before + unit * (size * 1000) + after).encode()

    return make


def in_page(head: str = "", body: str = SENTENCE) -> bytes:
    """A whole page around a head and a body."""
    return f"<!doctype html><html><head>{head}</head><body>{body}</body></html>".encode()


def random_bytes(size: int) -> bytes:
    """Bytes of no charset at all, with some tags among them."""
    random = Random(size)
    pieces = [random.randbytes(90) + b"<p>" for _ in range(size * 10)]
    return b"<html>" + b"".join(pieces)


def billion_laughs(size: int) -> bytes:
    """Entities that stand for ten of the one before."""
    names = [f"e{number}" for number in range(9 + size // 100)]
    lines = [f'<!ENTITY {names[0]} "ha">']
    lines += [f'<!ENTITY {name} "{("&" + before + ";") * 10}">' for before, name in pairwise(names)]
    return (
        '<?xml version="1.0"?><!DOCTYPE html [' + "".join(lines) + "]>"
        f"<html><body><p>{SENTENCE * 5}&{names[-1]};</p></body></html>"
    ).encode()


def outside_entity(size: int) -> bytes:
    """An entity that names a file of the machine, and one that names itself."""
    return (
        '<?xml version="1.0"?><!DOCTYPE html [<!ENTITY f SYSTEM "file:///etc/passwd">'
        '<!ENTITY s "&s;">]><html><body>' + f"<p>{SENTENCE}&f;&s;</p>" * size + "</body></html>"
    ).encode()


def many_attributes(size: int) -> bytes:
    """One tag with attributes of different names."""
    given = " ".join(f"a{number}=v" for number in range(size * 1000))
    return in_page(body=f"<p {given}>{SENTENCE}</p>")


def frames(size: int) -> bytes:
    """A page that holds itself, escaped once more at every level."""
    inner = SENTENCE
    for _ in range(min(12, 4 + size // 50)):
        escaped = inner.replace("&", "&amp;").replace('"', "&quot;")
        inner = f'<iframe src="." srcdoc="{escaped}"></iframe>' + inner
    return in_page(body=inner + '<frameset><frame src="."></frameset>' * size)


def nested_json(size: int) -> bytes:
    """Linked data that is nothing but depth."""
    depth = size * 1000
    data = '{"@graph":[' * depth + "]}" * depth
    return in_page(f'<script type="application/ld+json">{data}</script>', f"<p>{SENTENCE * 9}</p>")


def alternating(size: int) -> bytes:
    """Tags that close each other in the wrong order."""
    return ("<b><p><i><table><a href=x></b></p></i></table>" * (size * 200) + SENTENCE).encode()


MARKUP: Mapping[str, Maker] = {
    "deep_divs": nested("<div>", "</div>"),
    "deep_divs_never_closed": nested("<div>"),
    "deep_inline": nested("<b><i><span>", "</span></i></b>"),
    "deep_links": nested("<a href=x>"),
    "deep_tables": nested("<table><tr><td>", "</td></tr></table>"),
    "deep_tables_never_closed": nested("<table><tr><td>"),
    "deep_lists": nested("<ul><li>", "</li></ul>"),
    "deep_quotes": nested("<blockquote>", "</blockquote>"),
    "deep_fonts": nested("<font color=red>"),
    "deep_svg": nested("<svg><g>", "</g></svg>"),
    "deep_mathml": nested("<math><mrow>", "</mrow></math>"),
    "deep_templates": nested("<template>", "</template>"),
    "deep_forms": nested("<form><select><option>"),
    "deep_articles": nested("<article><section><p>"),
    "frames_in_frames": frames,
    "wrong_order": alternating,
    "many_breaks": repeated("<br>"),
    "many_paragraphs": repeated("<p>a"),
    "many_long_paragraphs": repeated(f"<p>{SENTENCE}</p>"),
    "many_links": repeated('<li><a href="/p?x=1">link</a></li>', "<ul>", "</ul>"),
    "many_empty_spans": repeated("<span></span>"),
    "many_comments": repeated("<!-- x -->", after=SENTENCE),
    "many_images": repeated('<img src="x.png" alt="picture">'),
    "many_options": repeated("<option>choice", "<select>"),
    "many_headings": repeated("<h1>Title</h1>"),
    "many_scripts": repeated("<script>var a = 1;</script>", after=SENTENCE),
    "endless_table_rows": repeated("<tr><td>1<td>2<td>three", "<table>"),
    "endless_table_columns": repeated("<td>1", "<table><tr>"),
    "huge_spans_of_cells": repeated('<td colspan="999999999" rowspan="999999999">x', "<table><tr>"),
    "many_attributes": many_attributes,
    "giant_attribute": lambda size: in_page(
        body=f'<p class="{"x " * size * 500}">{SENTENCE * 9}</p>'
    ),
    "giant_tag_name": lambda size: in_page(body=f"<{'x' * size * 1000}>{SENTENCE * 9}"),
    "giant_title": lambda size: in_page(f"<title>{SENTENCE * size * 12}</title>"),
    "giant_script": lambda size: in_page(f"<script>{'var a = 1;' * size * 100}</script>"),
    "giant_style": lambda size: in_page(f"<style>{'p {color: red}' * size * 80}</style>"),
    "giant_comment": lambda size: in_page(body=f"<!--{'-x' * size * 500}-->{SENTENCE * 9}"),
    "giant_data_uri": lambda size: in_page(
        body=f'<img src="data:image/png;base64,{"QUJD" * size * 250}">{SENTENCE * 9}'
    ),
    "script_never_closed": lambda size: in_page(f"<script>{'if (a < b) {' * size * 100}"),
    "comment_never_closed": lambda size: in_page(body=f"{SENTENCE}<!-- {SENTENCE * size * 12}"),
    "quote_never_closed": lambda size: in_page(body=f'<a href="{SENTENCE * size * 12}'),
    "cdata": repeated("<![CDATA[ x ]]>", after=SENTENCE),
    "processing_instructions": repeated("<?x y?>", after=SENTENCE),
    "namespaces": repeated('<o:p xmlns:o="urn:x">a</o:p>'),
    "angle_brackets": repeated("<"),
    "ampersands": repeated("&"),
    "entities_out_of_range": repeated("&#x110000;&#0;&#xD800;&#xFFFF;&#99999999999999999999;"),
    "entities_without_end": repeated("&amp&lt&nbsp&notin"),
    "nested_json": nested_json,
    "billion_laughs": billion_laughs,
    "outside_entity": outside_entity,
    "nul_bytes": lambda size: b"<p>" + b"w\0o\0r\0d\0 \0" * (size * 100),
    "nul_tags": lambda size: b"<\0p>word</\0p>\0" * (size * 70),
    "random_bytes": random_bytes,
}
"""Every maker by what it makes."""
