"""What is damaged: good input of every kind, and the pieces of syntax that are put into it."""

from __future__ import annotations

import gzip
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, fields
from functools import cache
from random import Random

from conf import locate
from curation.labelling.records import Label, digest_of_line, digest_of_text, to_lines
from curation.sample_crawl.crawl import plan
from stages.base import Stage
from stages.registry import STAGES
from tests.curation.sources.archives import PACKINGS, http, members, record
from tests.hostile.crawl import ADDRESSES, CLAIMS
from tests.hostile.mutations import PIECES

Seeds = Sequence[tuple[str, bytes]]
"""Names of files, or "" where there is none, and what they hold."""

CHUNKED = "Transfer-Encoding: chunked\r\n"
RECORD_PIECES = (
    *(b"WARC/1.0\r\n", b"\r\n\r\n", b"Content-Length: 99999\r\n", b"Content-Length: -1\r\n", b"\n"),
    *(b"WARC-Type: revisit\r\n", b"WARC-Target-URI: <", b" ", b"\x1f\x8b\x08", b"\x28\xb5\x2f\xfd"),
    *(b"HTTP/1.1 100 \r\n\r\n", b"http://a.b/ 1.1.1.1 20240101000000 text/html 9\n", b'{"url": "'),
)
HTTP_PIECES = (
    *(b"Content-Type: text/html; charset=", b"Content-Encoding: gzip, br\r\n", CHUNKED.encode()),
    *(b"\r\n", b"\r\n\r\n", b"0\r\n\r\n", b"ffffffff\r\n", b"5;a=b\r\n", b": ", b'"', b";", b"\0"),
)
URL_PIECES = (
    *(
        b"http://",
        b"//",
        b"@",
        b":",
        b"[::1]",
        b"%",
        b"%2e%2E/",
        b"xn--",
        b"..",
        b"/../",
        b"?",
        b"#",
    ),
    *(
        "。例え.テスト".encode(),
        "\u202e".encode(),
        b"\\",
        b"\t",
        b"127.1",
        b"0x7f.",
        b".com",
        b"a." * 99,
    ),
)
TOML_PIECES = (
    *(b"[", b"[[step]]\n", b"]", b'"""', b"'", b" = ", b"{", b"}", b",", b"\xff", b"1979-05-27"),
    *(b'name = "../../x"\n', b"[export]\nshards = 0\n", b"[" * 3000, b"a." * 1100 + b"a = 1\n"),
)
TOML_VALUES = (
    *(b"nan", b"inf", b"-1", b"0", b"1e999", b"true", b"0.5", b"7", b'""', b'"x"', b"[1]", b"{}"),
    *(b"9" * 99, b"9" * 5000, b'["en", "xx"]', b'"en"', b"1979-05-27", b'"\\u0000"', b'"\\u202e"'),
    *(b'"../../x"', b'"os:system"', b'"' + b"x" * 9999 + b'"', b"{a = {b = 1}}", b"[[[[[[]]]]]]"),
)
LABEL_PIECES = (
    *(b"{", b"}", b"[", b"]", b'"', b":", b",", b"null", b"NaN", b"1e999", b"\\ud800", b"\\u0000"),
    *(b'"\\ud800"', b'"\\u001b[2J"', b'""', b"0", b"1.5", b"[]", b"{}", b"true", b'["00000000",1]'),
    *(b"\n", b'"format_version":9', b'"weight":-1', b"[" * 5000, b'"task":"../x"', b"9" * 5000),
)
CHARSET_PIECES = (*PIECES, b"\x1b$B", b"~{", b"\x81", b"\n", b"charset=hz")
TEXT_PIECES = (
    *(b"</script>", b"<script>", b"<!--", b"]]>", b"{{ 7*7 }}", b"{% raw %}", b"\x1b[2J", b"\0"),
    *(
        "\u2028\u202e\ufeff".encode(),
        b"=HYPERLINK()",
        b"\r\n",
        b"\t@SUM(1)",
        b"<img src=x onerror=1>",
    ),
)


@cache
def pages() -> tuple[bytes, ...]:
    """Bodies of the sample crawl, but for the one that hangs."""
    found = plan(1, 100, Random(1))
    return tuple(page.response.body for page in found if page.kind != "hanging")


@cache
def crawls() -> Seeds:
    """Files of every format and packing."""
    blocks = [http(pages()[0]), http(pages()[1], content_type="text/plain; charset=gbk")]
    records = [record(block, number=number) for number, block in enumerate(blocks)]
    records += [record(b"a b", kind="conversion", content_type="text/plain"), record(b"", kind="x")]
    line = b"http://a.b/ 1.1.1.1 20240101000000 text/html %d\n"
    arc = b"filedesc://a 0.0.0.0 20240101000000 text/plain 1\na\n"
    arc += b"".join(line % len(block) + block + b"\n" for block in blocks)
    rows = [
        {"url": f"http://a.b/{n}", "text": body.decode("latin-1")} for n, body in enumerate(blocks)
    ]
    jsonl = "".join(json.dumps(row) + "\n" for row in rows).encode()
    packed = [(f"a.warc{end}", b"".join(members(records, end))) for end in PACKINGS]
    return (*packed, ("a.arc", arc), ("a.jsonl", jsonl), ("a.jsonl.gz", gzip.compress(jsonl)))


@cache
def responses() -> Seeds:
    """HTTP responses, plain, chunked and packed."""
    body = pages()[2]
    chunks = b"".join(b"%x\r\n%s\r\n" % (len(part), part) for part in (body[:50], body[50:]))
    packed = gzip.compress(body, mtime=0)
    return (
        ("", http(body, content_type="text/html; charset=utf-8")),
        ("", http(chunks + b"0\r\n\r\n", more=CHUNKED)),
        ("", http(packed, more="Content-Encoding: gzip\r\n")),
        ("", b"HTTP/1.1 100 Continue\r\n\r\n" + http(body, content_type='a/b; charset="gbk"')),
    )


@cache
def encoded() -> Seeds:
    """A line with the claim, and a text in some charset."""
    text = "<meta charset=gbk><p>The mill. 河边的磨坊是用灰色的石头建成的。"
    charsets = ("utf-8", "gb18030", "big5", "utf-16", "utf-32-le", "iso2022_jp", "hz", "latin-1")
    bodies = [text.encode(name, "replace") * 9 for name in charsets]
    claims = [claim.encode() for claim in CLAIMS]
    return tuple(("", claim + b"\n" + body) for body in bodies for claim in claims)


@cache
def configurations() -> Seeds:
    """The pipelines that ship, and one for each stage with all that can be said of it."""
    names = ("local.toml", "dots_llm1.toml", "dots_llm1_small.toml")
    shipped = [(name, locate(name).read_bytes()) for name in names]
    step = 'name = "one"\n[[step]]\nname = "first"\nstages = ["{0}"]\n[stage.{0}]\n{1}'
    of_stages = [
        ("stage.toml", step.format(name, _settings(make())).encode())
        for name, make in STAGES.items()
    ]
    return (*shipped, *of_stages)


def _settings(stage: Stage) -> str:
    """Those of a stage that are numbers, words or switches."""
    values = {field.name: getattr(stage, field.name) for field in fields(stage)}
    return "".join(
        f"{name} = {json.dumps(value)}\n"
        for name, value in values.items()
        if isinstance(value, str | int | float)
    )


@cache
def labels() -> Seeds:
    """Files of labels of documents and of lines."""
    digest = digest_of_text("a")
    some = [Label(f"{n:032x}", digest, "en", "quality", "anna", value="good") for n in range(4)]
    line = (digest_of_line("a"), 1)
    of_lines = Label("d", digest, "zh", "clutter", "b", 2, lines=(line, line), weight=2.5)
    return (("a.jsonl", to_lines(some)), ("b.jsonl", to_lines([of_lines, *some])))


@cache
def texts() -> Seeds:
    """What a page may say: its address, title, site and category, a line each, and its text."""
    said = ("http://a.b/c?d=e&f\nThe mill\nb.example\nfilm\n", '\'=1+1\t"quoted"\n磨坊\n\n\n')
    return tuple(("", f"{one}The mill by the river.\n河边的磨坊。\n".encode()) for one in said)


@dataclass(frozen=True)
class Material:
    """What is damaged, what is put in, and what stands where a value stood (pieces, if nothing)."""

    seeds: Seeds
    pieces: Sequence[bytes]
    values: Sequence[bytes] = ()


MATERIAL: Mapping[str, Callable[[], Material]] = {
    "warc": lambda: Material(crawls(), RECORD_PIECES),
    "http": lambda: Material(responses(), HTTP_PIECES),
    "charset": lambda: Material(encoded(), CHARSET_PIECES),
    "extraction": lambda: Material([("", body) for body in pages()], PIECES),
    "url": lambda: Material([("", url.encode()) for url in ADDRESSES], URL_PIECES),
    "configuration": lambda: Material(configurations(), TOML_PIECES, TOML_VALUES),
    "labels": lambda: Material(labels(), LABEL_PIECES),
    "report": lambda: Material(texts(), TEXT_PIECES),
}
"""By what is tried; made when it is asked for."""


@cache
def material(target: str) -> Material:
    """What is tried of a target."""
    return MATERIAL[target]()
