"""Addresses of the network: e-mail and IP."""

from __future__ import annotations

import re
from functools import cache
from ipaddress import AddressValueError, IPv4Address, IPv4Network, IPv6Address, IPv6Network

from stages.privacy.context import Context
from stages.privacy.kinds import PersonalData, PersonalDataKind

_AT = re.compile(r"[@\[({](?:(?<=@)|(?<!@) ?[aA][tT] ?[\])}])")
_LOCAL_BACKWARDS = re.compile(r"[A-Za-z0-9_+\-][A-Za-z0-9._%+\-]{0,63}")
_DOT = r"(?:\.| ?[\[({] ?[dD][oO][tT] ?[\])}] ?)"
_LABEL = r"[A-Za-z0-9](?:[A-Za-z0-9\-]{0,61}[A-Za-z0-9])?"
_DOMAIN = re.compile(rf" ?{_LABEL}(?:{_DOT}{_LABEL}){{1,5}}")
_DOTS = re.compile(_DOT)
_NO_MAILBOX = frozenset({"git", "hg", "svn"})  # git@host:path is a repository
_DOCUMENTATION = frozenset({"example", "test", "invalid", "localhost"})  # RFC 2606

_IPV4 = re.compile(
    r"([0-9]{1,3})\.([0-9]{1,3})\.([0-9]{1,3})\.([0-9]{1,3})(?![0-9A-Za-z_]|\.[0-9]|-[0-9]+(?![0-9.]))"
)
_IPV6 = re.compile(r"[23][0-9A-Fa-f]{3}:[0-9A-Fa-f:]{2,35}(?![0-9A-Za-z_:])")
_IN_IPV6 = re.compile(r"(?<![0-9A-Za-z])[0-9A-Fa-f]{1,4}:\Z")
_MIN_COLONS = 3  # "2001:20" is a time; "2a00:1450::1" has three
_OTHER_IPV4 = [  # the IANA registry of special addresses, multicast and reserved ones
    IPv4Network(network)
    for network in (
        *("0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16"),
        *("172.16.0.0/12", "192.0.0.0/24", "192.0.2.0/24", "192.88.99.0/24", "192.168.0.0/16"),
        *("198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24", "224.0.0.0/3"),
    )
]
_OTHER_IPV6 = [IPv6Network(n) for n in ("2001::/23", "2001:db8::/32", "2002::/16", "3fff::/20")]
_VERSION_PART = 32  # parts of version numbers are seldom larger


def find_emails(text: str) -> list[PersonalData]:
    """E-mail addresses, also those spelt "jane [at] site [dot] com".

    The top-level domain must exist; domains kept for examples (RFC 2606), ``git@host`` and what
    follows a slash (a user's name or a message's in a URL) do not count.
    """
    items = []
    for at in _AT.finditer(text):
        ahead = text[max(0, at.start() - 65) : at.start()][::-1]
        skipped = int(at[0] != "@" and ahead.startswith(" "))
        local = _LOCAL_BACKWARDS.match(ahead, skipped)
        domain = _DOMAIN.match(text, at.end())
        if not local or not domain or (at[0] == "@" and domain[0].startswith(" ")):
            continue
        mailbox = local[0][::-1].lstrip("._%+-")
        length = _domain_length(domain[0])
        start = at.start() - skipped - len(mailbox)
        in_path = text[max(0, start - 1) : start] == "/"
        if mailbox and length and not in_path and mailbox.lower() not in _NO_MAILBOX:
            items.append(PersonalData(PersonalDataKind.EMAIL_ADDRESS, start, at.end() + length))
    return items


def match_ip_address(text: str, start: int, context: Context) -> int:
    """The end of a public IP address at ``start``, or 0.

    What the text calls a version is none. Where it says nothing, 5.10.0.2 and 3.2.1.4 pass for
    versions or chapters: a first part under 32 and either a 0 or no larger part.
    """
    if found := _IPV4.match(text, start):
        parts = [int(part) for part in found.groups()]
        if max(parts) > 255 or not _is_public_ipv4(parts):  # noqa: PLR2004
            return 0
        small = parts[0] < _VERSION_PART and (max(parts) < _VERSION_PART or 0 in parts[1:])
        host = context.announces_host if small else not context.announces_version
        return found.end() if host else 0
    found = None if _IN_IPV6.search(text[max(0, start - 6) : start]) else _IPV6.match(text, start)
    if found and found[0].count(":") >= _MIN_COLONS and _is_public_ipv6(found[0]):
        return found.end()
    return 0


def _domain_length(domain: str) -> int:
    """How much of a candidate is a domain name: up to the last label that can end one."""
    ends = [*(dot.start() for dot in _DOTS.finditer(domain)), len(domain)][1:]
    for end in reversed(ends):
        labels = _DOTS.sub(".", domain[:end]).strip().lower().split(".")
        if labels[-1] in top_level_domains():
            return 0 if _DOCUMENTATION & set(labels[-2:]) else end
    return 0


@cache
def top_level_domains() -> frozenset[str]:
    """The top-level domains of the public suffix list that tldextract carries; no network."""
    import tldextract

    extract = tldextract.TLDExtract(suffix_list_urls=(), cache_dir=None)
    return frozenset(suffix.rsplit(".", 1)[-1] for suffix in extract.tlds)


def _is_public_ipv4(parts: list[int]) -> bool:
    address = IPv4Address(".".join(map(str, parts)))
    return not any(address in network for network in _OTHER_IPV4)


def _is_public_ipv6(text: str) -> bool:
    try:
        address = IPv6Address(text)
    except AddressValueError:
        return False
    return not any(address in network for network in _OTHER_IPV6)
