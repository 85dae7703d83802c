"""Rules for single sites: a folder of TOML files, each with its domains and one table per stage.

    domains = ["example.org"]        # the host itself and every subdomain

    [extract]
    body = ["//div[@id='article']"]

A stage asks for its own table by name and gives the dataclass that the table's keys must fit.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, TypeVar
from urllib.parse import urlsplit

from annotated_types import MinLen

from conf import digest_file
from conf.records import RecordReader, read_table

SECTIONS = ("extract", "rules")
"""Tables that a file may have; each belongs to the stage of that name."""

Rule = TypeVar("Rule")


@dataclass(frozen=True)
class _Sites:
    """Whom a file is for."""

    domains: Annotated[tuple[str, ...], MinLen(1)]


def load_sites(folder: Path, section: str, kind: type[Rule]) -> dict[str, Rule]:
    """The rules of one section by domain; a file without that section has none.

    ``kind`` is a frozen dataclass, which may check its values when it is made. Raises
    FileNotFoundError for a missing folder and ConfigError, naming file, key and value, for a key
    that nobody knows, a value of the wrong type, or a domain with two files.
    """
    if not folder.is_dir():
        raise FileNotFoundError(f"sites: the folder {folder} does not exist")
    rules: dict[str, Rule] = {}
    for path in sorted(folder.glob("*.toml")):
        reader, content = RecordReader(str(path)), read_table(path)
        domains = _domains(reader, content)
        if section not in content:
            continue
        rule = reader.record(kind, content[section], section)
        for domain in domains:
            if domain in rules:
                raise reader.error("domains", domain, "has rules in another file already")
            rules[domain] = rule
    return rules


def rule_for(rules: Mapping[str, Rule], host: str) -> Rule | None:
    """The rule of the longest domain that ``host`` is or lies under.

    >>> rule_for({"example.org": "rule"}, "news.example.org"), rule_for({}, "example.org")
    ('rule', None)
    """
    labels = host.lower().rstrip(".").split(".")
    names = (".".join(labels[start:]) for start in range(len(labels)))
    return next((rules[name] for name in names if name in rules), None)


def host_of(url: str) -> str:
    """The host of a URL in lower case, "" for one that cannot be parsed.

    >>> host_of("http://News.example.org:80/a"), host_of("http://[::1")
    ('news.example.org', '')
    """
    try:
        return (urlsplit(url).hostname or "").rstrip(".")
    except ValueError:
        return ""


def digest_sites(folder: Path) -> dict[str, str]:
    """SHA-256 of each file by its name, for a stage's ``resources``."""
    return {
        f"{folder.name}/{path.name}": digest_file(path) for path in sorted(folder.glob("*.toml"))
    }


def _domains(reader: RecordReader, content: Mapping[str, object]) -> tuple[str, ...]:
    for key, value in content.items():
        reader.refuse_unknown(key, ("domains", *SECTIONS), key, "is not a known key", value)
    given = {key: value for key, value in content.items() if key not in SECTIONS}
    return reader.record(_Sites, given).domains
