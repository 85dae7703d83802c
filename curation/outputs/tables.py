"""The outputs that the tables of a configuration ask for."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from conf.records import RecordReader
from conf.references import ClassReferenceError
from curation.outputs.base import Output
from curation.outputs.registry import KNOWN_OUTPUTS, OUTPUTS


def configure_outputs(
    reader: RecordReader, tables: Mapping[str, object], other_keys: Collection[str]
) -> dict[str, Output]:
    """Outputs by their names, in the order in which they are made: ours, then the file's.

    A table is named by its output, or by the class of one from another package. ``other_keys`` are
    those that a configuration has beside them. Raises ConfigError for a table of no output, for two
    of one, and for an output that is made of one that is not made before it.
    """
    keys: dict[str, str] = {}
    classes: dict[str, type[Output]] = {}
    for key in tables:
        output = _resolve(reader, key, tables[key], other_keys)
        if other := keys.get(output.name):
            raise reader.error(key, None, f"is called {output.name!r}, as that of [{other}] is")
        keys[output.name], classes[output.name] = key, output
    made: dict[str, Output] = {}
    for name in sorted(classes, key=[*OUTPUTS, *classes].index):
        key, source = keys[name], classes[name].made_of
        if source and source not in made:
            where = "above it" if source in classes else "too"
            rule = f"needs an [{source}] table {where}: it is made of what that writes"
            raise reader.error(key, None, rule)
        made[name] = reader.record(classes[name], tables[key], key)
    return made


def _resolve(
    reader: RecordReader, key: str, table: object, other_keys: Collection[str]
) -> type[Output]:
    if ":" not in key:
        known = (*other_keys, *KNOWN_OUTPUTS.names())
        reader.refuse_unknown(key, known, key, "is not a known key", table)
    try:
        output = KNOWN_OUTPUTS.find(key)
    except ClassReferenceError as error:
        raise reader.error(key, None, str(error)) from error
    if output.name in other_keys:
        raise reader.error(key, None, f"is called {output.name!r}, which is a key of its own")
    return output
