"""The taxonomy that ships, and what the loader refuses."""

import re

import pytest

from conf import locate
from models.taxonomy import ClassKind, read_taxonomy

GOOD = """
fallback = "other"
[[class]]
id = "physics"
group = "science"
kind = "knowledge"
name_en = "Physics"
name_zh = "物理"
lexicon_en = ["quantum", "black hole"]
lexicon_zh = ["量子"]
[[class]]
id = "other"
group = "web"
kind = "neutral"
name_en = "Other"
name_zh = "其他"
lexicon_en = []
lexicon_zh = []
"""


def read(tmp_path, content, class_count=2):
    path = tmp_path / "taxonomy.toml"
    path.write_text(content, encoding="utf-8")
    return read_taxonomy(path, class_count=class_count)


def test_the_shipped_taxonomy_has_200_classes_of_three_kinds():
    taxonomy = read_taxonomy(locate("taxonomy.toml"))
    assert len(taxonomy.by_id) == 200
    assert {one.kind for one in taxonomy.classes} == set(ClassKind)
    assert taxonomy.by_id["science_fiction"].kind is ClassKind.FORMULAIC
    assert taxonomy.by_id["encyclopaedia_entry"].kind is ClassKind.KNOWLEDGE


def test_every_class_of_the_shipped_taxonomy_has_at_least_eight_words_in_each_language():
    taxonomy = read_taxonomy(locate("taxonomy.toml"))
    short = [
        one.id
        for one in taxonomy.classes
        if one.id != taxonomy.fallback and min(map(len, one.lexicons.values())) < 8
    ]
    assert short == []


def test_a_class_is_read_with_all_its_fields(tmp_path):
    physics = read(tmp_path, GOOD).by_id["physics"]
    assert (physics.group, physics.names["zh"]) == ("science", "物理")
    assert physics.lexicons["en"] == ("quantum", "black hole")


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        (
            'kind = "knowledge"',
            'kind = "nice"',
            "class.physics.kind = 'nice': input should be 'knowledge'",
        ),
        ('kind = "knowledge"\n', "", "class.physics.kind: is required"),
        ('id = "physics"', 'id = "other"', "'other' stands twice"),
        (
            'id = "physics"',
            'id = "Physics 1"',
            "class.Physics 1.id = 'Physics 1': string should match",
        ),
        ('name_zh = "物理"', 'name_zh = "其他"', "'其他' stands twice"),
        (
            'group = "science"',
            'colour = "red"\ngroup = "science"',
            "class.physics.colour = 'red': is not a known key",
        ),
        ('fallback = "other"', 'fallback = "none"', "fallback 'none' must be the id"),
        (
            '"quantum", ',
            '"quantum", "quantum", ',
            "class.physics.lexicon_en = ['quantum', 'quantum', 'black hole']: 'quantum' stands twice",
        ),
        (
            '"quantum", ',
            '"Quantum", ',
            "class.physics.lexicon_en.0 = 'Quantum': must be a lower-case",
        ),
        ('lexicon_zh = ["量子"]', "lexicon_zh = []", "only the fallback may have an empty"),
        (
            'lexicon_zh = ["量子"]',
            'lexicon_zh = "量子"',
            "lexicon_zh = '量子': input should be a valid array",
        ),
        ('fallback = "other"', "fallback = ", "not valid TOML"),
    ],
)
def test_a_fault_is_told_with_file_key_value_and_rule(tmp_path, old, new, message):
    assert old in GOOD
    with pytest.raises(ValueError, match=re.escape(message)) as raised:
        read(tmp_path, GOOD.replace(old, new, 1))
    assert str(tmp_path / "taxonomy.toml") in str(raised.value)


def test_a_taxonomy_of_another_size_is_refused(tmp_path):
    with pytest.raises(ValueError, match="stands 2 times, must be 200"):
        read(tmp_path, GOOD, class_count=200)
