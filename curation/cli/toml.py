"""Values and keys as TOML has them."""

from __future__ import annotations

import json

from pydantic import JsonValue


def to_toml(value: JsonValue) -> str:
    """A value in one line.

    >>> [to_toml(value) for value in (2 << 20, 0.3, True, ["zh", "中"], {"a": 1})]
    ['2_097_152', '0.3', 'true', '["zh", "中"]', '{ a = 1 }']
    """
    if isinstance(value, dict):
        inner = ", ".join(f"{toml_key(key)} = {to_toml(one)}" for key, one in value.items())
        return f"{{ {inner} }}" if inner else "{}"
    if isinstance(value, list):
        return f"[{', '.join(map(to_toml, value))}]"
    if isinstance(value, int) and not isinstance(value, bool):
        return f"{value:_}"
    return json.dumps(value, ensure_ascii=False)


def toml_key(name: str) -> str:
    """A key, in quotes where it needs them.

    >>> toml_key("stage"), toml_key("spark.ui.enabled")
    ('stage', '"spark.ui.enabled"')
    """
    is_bare = name.isascii() and name.replace("_", "").replace("-", "").isalnum()
    return name if is_bare else json.dumps(name, ensure_ascii=False)
