"""The careful spelling of URLs that are not plain: IDNA, IP addresses, userinfo, dot segments."""

from __future__ import annotations

import ipaddress
import re
import unicodedata
from urllib.parse import unquote, unquote_to_bytes

import idna

_SCHEME = re.compile(r"(?:(?:https?|ftp|wss?):/*|[a-z][a-z0-9+.-]*://|//)", re.IGNORECASE)
_OTHER_SCHEME = re.compile(r"[a-z][a-z0-9+.-]*:(?![\d:/?#]|$)", re.IGNORECASE)
_AUTHORITY_END = re.compile(r"[/?#]")
_PORT = re.compile(r":\d*$")
_HOST = re.compile(r"(?!-?\.)[a-z0-9_-]+(?:\.[a-z0-9_-]+)*")
_LOWER = bytes(range(256)).lower()
_MAX_HOST = 253
_MAX_SPELLED = 1000
"""No host is spelled in more characters, and IDNA takes time in the square of a label's."""
_MAX_AUTHORITY = 12 * _MAX_SPELLED  # a character is four bytes, a byte is "%ff"
_AROUND = "".join(map(chr, range(33))) + "<>"  # some crawlers write "<http://...>" in their WARCs


def respell(url: str) -> bytes:
    """Host and path (with the query) of a URL, one spelling for all that mean the same.

    ``b""`` if there is no valid host. Schemes may be absent, as they are in lists.

    >>> respell("HTTP://me:secret@Bücher.example.:8080/%61/./b/?q#top")
    b'xn--bcher-kva.example/a/b/?q'
    """
    url = url.encode("utf-8", "ignore").decode()  # without lone surrogates
    text = re.sub(r"[\t\r\n]", "", url).strip(_AROUND)
    before_query, mark, query = text.partition("?")
    text = before_query.replace("\\", "/") + mark + query
    scheme = _SCHEME.match(text)
    if scheme is None and _OTHER_SCHEME.match(text):
        return b""
    text = text[scheme.end() :] if scheme else text
    found = _AUTHORITY_END.search(text)
    cut = found.start() if found else len(text)
    host = normal_host(text[:cut].rpartition("@")[2])
    return host.encode() + _normal_path(text[cut:]) if host else b""


def normal_host(authority: str) -> str:
    """The host of "host:port" in lower case ASCII, or "" if it is not a valid one.

    >>> normal_host("例子。中国:80"), normal_host("0x7f.1"), normal_host("[::FFFF:1.2.3.4]")
    ('xn--fsqu00a.xn--fiqs8s', '127.0.0.1', '1.2.3.4')
    """
    if len(authority) > _MAX_AUTHORITY:
        return ""
    if authority.startswith("["):
        return _ipv6(authority[1:].partition("]")[0])
    if authority.count(":") > 1:
        return _ipv6(authority)  # as lists spell them
    host = unquote(_PORT.sub("", authority))
    host = unicodedata.normalize("NFKC", host).casefold().replace("。", ".").rstrip(".")
    if len(host) > _MAX_SPELLED:
        return ""
    labels = [_ascii_label(label) for label in host.split(".")]
    host = ".".join(labels)
    if len(host) > _MAX_HOST or not _HOST.fullmatch(host):
        return ""
    return _ipv4(labels) if labels[-1][0].isdigit() else host


def _ascii_label(label: str) -> str:
    if label.isascii():
        return label
    try:
        return idna.encode(label, uts46=True).decode()
    except (idna.IDNAError, UnicodeError):
        # Names with emoji or unassigned characters exist, although IDNA 2008 forbids them.
        return "xn--" + label.encode("punycode", "ignore").decode()


def _ipv6(text: str) -> str:
    try:
        address = ipaddress.IPv6Address(text.partition("%")[0])
    except ValueError:
        return ""
    return str(address.ipv4_mapped or f"[{address.compressed}]")


def _ipv4(labels: list[str]) -> str:
    """The address that a browser reads in 1 to 4 decimal, octal or hexadecimal numbers, or ""."""
    try:
        numbers = [_number(label) for label in labels]
    except ValueError:
        return ""
    *heads, last = numbers
    if len(heads) > 3 or any(n >> 8 for n in heads) or last >> 8 * (4 - len(heads)):  # noqa: PLR2004
        return ""
    value = last + sum(n << (24 - 8 * i) for i, n in enumerate(heads))
    return str(ipaddress.IPv4Address(value))


def _number(label: str) -> int:
    if label.startswith("0x"):
        return int(label[2:] or "0", 16)
    return int(label, 8 if label.startswith("0") and label != "0" else 10)


def _normal_path(text: str) -> bytes:
    """Path and query, percent-decoded, in lower case ASCII, dot segments resolved."""
    path, mark, query = text.partition("#")[0].partition("?")
    segments: list[bytes] = []
    for segment in unquote_to_bytes(path).split(b"/"):
        if segment == b"..":
            del segments[-1:]
        elif segment not in {b"", b"."}:
            segments.append(segment)
    plain = b"".join(b"/" + segment for segment in segments)
    if mark:
        slash = b"/" if path.endswith("/") or not segments else b""
        plain += slash + b"?" + unquote_to_bytes(query)
    return plain.translate(_LOWER).rstrip(b"/")
