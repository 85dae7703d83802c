"""A language's rules with their thresholds, loaded from its file and checked key by key."""

from __future__ import annotations

import difflib
import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path

from conf import locate
from conf.records import ConfigError, RecordReader, parse_table
from models.text import languages
from models.text.languages import Language, base_code
from stages.rules.evidence import Evidence
from stages.rules.families import FAMILIES, RULES, Rule
from stages.rules.lexicon import RuleLexicon
from stages.rules.measures import Measures

_COUNTS = frozenset(
    {"characters", "tokens", "words", "mean_word_length", "stop_words", "lines", "paragraphs"}
    | {
        "mean_line_length",
        "sentences",
        "sentences_per_1000_characters",
        "spam_phrases",
        "filler_phrases",
        "wiki_diff_phrases",
    }
)
_KEYS = tuple(rule.key for rule in RULES)


@dataclass(frozen=True, eq=False)
class RuleSet:
    """The rules that a language's file gives a threshold to, in deciding order."""

    language: Language
    lexicon: RuleLexicon
    thresholds: tuple[tuple[Rule, float], ...]
    evidence: Evidence

    def only(self, families: Sequence[str]) -> RuleSet:
        """The rules of some families. Raises ValueError for a family that does not exist."""
        for family in families:
            if family not in FAMILIES:
                raise ValueError(
                    f"families: {family!r} is no family of rules; there are {', '.join(FAMILIES)}"
                )
        if tuple(families) == FAMILIES:
            return self
        chosen = tuple((rule, value) for rule, value in self.thresholds if rule.family in families)
        return replace(self, thresholds=chosen)

    def with_limits(self, limits: Mapping[str, float]) -> RuleSet:
        """The rules with other thresholds, by their keys; one that had none applies now."""
        known = {rule.key: value for rule, value in self.thresholds} | dict(limits)
        chosen = tuple((rule, known[rule.key]) for rule in RULES if rule.key in known)
        return replace(self, thresholds=chosen)

    def without(self, names: Sequence[str]) -> RuleSet:
        """The rules but those of the named families and reasons."""
        left = tuple(
            (rule, value)
            for rule, value in self.thresholds
            if rule.family not in names and rule.reason not in names
        )
        return replace(self, thresholds=left)

    def first_failure(self, measures: Measures) -> tuple[Rule, float] | None:
        """The first rule that a document breaks, with its threshold, or None."""
        sure = self.evidence.confidence
        return next(
            (pair for pair in self.thresholds if pair[0].fails(measures, pair[1], sure)), None
        )

    def failures(self, measures: Measures) -> list[Rule]:
        """Every rule that a document breaks, in deciding order."""
        sure = self.evidence.confidence
        return [rule for rule, value in self.thresholds if rule.fails(measures, value, sure)]


def check_limits(language: str, limits: Mapping[str, float]) -> None:
    """Raise ValueError for the key of no rule, and for a value that no threshold can have."""
    for key, value in limits.items():
        if key not in _KEYS:
            near = difflib.get_close_matches(key, _KEYS, n=1)
            hint = f"; did you mean {near[0]!r}?" if near else ""
            raise ValueError(f"limits.{language}: {key!r} is the threshold of no rule{hint}")
        if rule := _fault(key, value):
            raise ValueError(f"limits.{language}.{key} = {value!r}: {rule}")


def ruled_languages(folder: str) -> tuple[str, ...]:
    """The languages that a rules folder has a file for. Raises FileNotFoundError if none."""
    found = tuple(sorted(path.stem for path in locate(folder).glob("*.toml")))
    if not found:
        raise FileNotFoundError(f"rules: {folder!r} holds no rules file (LANGUAGE.toml)")
    return found


def load_rules(folder: str, language: str) -> RuleSet:
    """The rules of a language, as its file says now.

    Raises FileNotFoundError or ConfigError, for the user.
    """
    file, content = _read_file(folder, language)
    return _parse_rules(_record(language), file, content)


def digest_rules(folder: str) -> dict[str, str]:
    """Name and content digest of each file of a rules folder, after checking that it loads.

    With each goes the record of its language.
    """
    digests = {}
    for language in ruled_languages(folder):
        file, content = _read_file(folder, language)
        record = _record(language)
        _parse_rules(record, file, content)
        digests[f"{language}.toml"] = hashlib.blake2b(content, digest_size=16).hexdigest()
        digests[f"language {record.code}"] = record.digest
    return digests


def lacks(folder: str, language: str) -> str:
    """What a rules folder lacks to judge a language, in words for the user; "" if nothing.

    Raises FileNotFoundError for a folder without any file.
    """
    code = base_code(language)
    if code in ruled_languages(folder):
        return languages.KNOWN.lacks(code)
    shown = folder if locate(folder) == Path(folder) else f"conf/{folder}"
    return f"has no rules file in {shown}: add {shown}/{code}.toml"


def _record(language: str) -> Language:
    record = languages.KNOWN.find(language)
    if record is None:
        raise ConfigError(f"rules: language {language} {languages.KNOWN.lacks(language)}")
    return record


def _read_file(folder: str, language: str) -> tuple[str, bytes]:
    file = locate(folder) / f"{language}.toml"
    if not file.is_file():
        raise FileNotFoundError(f"there is no rules file {file}; name a folder with one")
    return str(file), file.read_bytes()


# By content: a file that is edited while a process lives is another one.
@lru_cache(maxsize=16)
def _parse_rules(language: Language, file: str, content: bytes) -> RuleSet:
    reader, tables = RecordReader(file), parse_table(content, file)
    lexicon = _read_lexicon(reader, language, tables.pop("lexicon", {}))
    evidence = reader.record(Evidence, tables.pop("evidence", {}), "evidence")
    given: dict[str, float] = {}
    for family, table in tables.items():
        reader.refuse_unknown(family, FAMILIES, family, "is no family of rules", table)
        if not isinstance(table, dict):
            raise reader.error(family, table, "must be a table")
        given |= {key: _threshold(reader, family, key, value) for key, value in table.items()}
    chosen = tuple((rule, given[rule.key]) for rule in RULES if rule.key in given)
    return RuleSet(language, lexicon, chosen, evidence)


def _read_lexicon(reader: RecordReader, language: Language, table: object) -> RuleLexicon:
    """The lexicon of a file; what it does not say of the language's words, their record does."""
    record = {
        "stop_words": frozenset(language.stop_words),
        "function_words": frozenset(language.function_words.all),
        "end_marks": tuple(sorted(languages.KNOWN.end_marks)),
    }
    return reader.record(RuleLexicon, table, "lexicon", record)


def _threshold(reader: RecordReader, family: str, key: str, value: object) -> float:
    place = f"{family}.{key}"
    known = [rule.key for rule in RULES if rule.family == family]
    reader.refuse_unknown(key, known, place, "is no rule of this family", value)
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise reader.error(place, value, "must be a number, 0 or more")
    if rule := _fault(key, value):
        raise reader.error(place, value, rule)
    return float(value)


def _fault(key: str, value: float) -> str:
    """The rule that the value of a threshold breaks, "" for a good one."""
    if not value >= 0:
        return "must be a number, 0 or more"
    return "must be a ratio between 0 and 1" if key[4:] not in _COUNTS and value > 1 else ""
