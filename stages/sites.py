"""Rules for single sites: a folder of TOML files, each with its domains and one table per stage.

    domains = ["example.org"]        # the host itself and every subdomain

    [extract]
    body = ["//div[@id='article']"]

A stage asks for its own table by name and gives the dataclass that the table's keys must fit.
"""

from __future__ import annotations

import hashlib
import tomllib
from collections.abc import Mapping
from dataclasses import fields
from pathlib import Path
from typing import Any, TypeVar

SECTIONS = ("extract", "rules")
"""Tables that a file may have; each belongs to the stage of that name."""

Rule = TypeVar("Rule")


def load_sites(folder: Path, section: str, kind: type[Rule]) -> dict[str, Rule]:
    """The rules of one section by domain; a file without that section has none.

    ``kind`` is a dataclass whose fields are tuples of strings; it may check them when it is made.
    Raises ``FileNotFoundError`` for a missing folder and ``ValueError``, naming file and key, for
    a key that nobody knows, a value that is not a list of strings, or a domain with two files.
    """
    if not folder.is_dir():
        raise FileNotFoundError(f"sites: the folder {folder} does not exist")
    rules: dict[str, Rule] = {}
    for path in sorted(folder.glob("*.toml")):
        content = _read(path)
        if section not in content:
            continue
        rule = _rule(path, section, content[section], kind)
        for domain in content["domains"]:
            if domain in rules:
                raise ValueError(f"{path}: domains: {domain} has rules in another file already")
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


def digest_sites(folder: Path) -> dict[str, str]:
    """SHA-256 of each file by its name, for a stage's ``resources``."""
    return {
        f"{folder.name}/{path.name}": hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.glob("*.toml"))
    }


def _read(path: Path) -> dict[str, Any]:
    try:
        content = tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ValueError(f"{path}: not valid TOML: {error}") from error
    for key in content:
        if key not in {"domains", *SECTIONS}:
            known = ", ".join(("domains", *SECTIONS))
            raise ValueError(f"{path}: unknown key {key!r}; known are {known}")
    if not _strings(path, "domains", content.get("domains", [])):
        raise ValueError(f"{path}: domains: name at least one domain")
    return content


def _rule(path: Path, section: str, table: Any, kind: type[Rule]) -> Rule:
    if not isinstance(table, dict):
        raise ValueError(f"{path}: {section} must be a table")  # noqa: TRY004 -- for the user
    known = [field.name for field in fields(kind)]  # type: ignore[arg-type]
    for key in table:
        if key not in known:
            raise ValueError(f"{path}: unknown key {section}.{key}; known are {', '.join(known)}")
    values = {key: _strings(path, f"{section}.{key}", value) for key, value in table.items()}
    try:
        return kind(**values)
    except ValueError as error:
        raise ValueError(f"{path}: {section}.{error}") from error


def _strings(path: Path, key: str, value: Any) -> tuple[str, ...]:
    if not isinstance(value, list) or not all(isinstance(entry, str) for entry in value):
        raise ValueError(f"{path}: {key} must be a list of strings, not {value!r}")
    return tuple(value)
