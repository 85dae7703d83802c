import pytest

from conf import locate
from conf.records import ConfigError
from stages.rules.ruleset import digest_rules, load_rules

SHIPPED = (locate("rules") / "en.toml").read_text("utf-8")


@pytest.fixture
def folder(tmp_path):
    def write(text):
        (tmp_path / "en.toml").write_text(text, "utf-8")
        return str(tmp_path)

    return write


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        (
            "min_words = 30",
            "min_wrods = 30",
            r"en\.toml: content\.min_wrods = 30: is no rule of this .* 'min_words'",
        ),
        ("min_words = 30", 'min_words = "30"', r"content\.min_words = '30': must be a number"),
        ("min_words = 30", "min_words = true", r"content\.min_words = True: must be a number"),
        ("min_words = 30", "min_words = nan", r"content\.min_words = nan: must be a number"),
        ("min_words = 30", "min_words = -1", r"content\.min_words = -1: must be a number, 0 or"),
        ("max_digit_ratio = 0.2", "max_digit_ratio = 15", r"must be a ratio between 0 and 1"),
        (
            "[content]",
            "[contents]",
            r"contents = \{.*…: is no family of rules; did you mean 'content'",
        ),
        (
            "bound_words_follow = false",
            "bound_words_follow = 0",
            r"lexicon\.bound_words_follow = 0: input should be",
        ),
        (
            "short_line_characters = 30",
            "short_line_characters = -3",
            r"lexicon\.short_line_characters = -3: input should be greater",
        ),
        (
            "bullets = [",
            "bulets = [",
            r"lexicon\.bulets = \[.*\]: is not a known key; did you mean 'bullets'",
        ),
        ('"buy now",', '"Buy now",', r"lexicon: advertisement: 'Buy now' must be in lower case"),
        ("'^forbidden$'", "'^(forbidden$'", r"lexicon: titles: .* is no regular expression"),
        ("confidence = 0.99", "confidence = 1.0", r"evidence\.confidence = 1\.0: .* less than 1"),
        ("confidence = 0.99", "certainty = 0.99", r"evidence\.certainty = .*: is not a known key"),
        ("[lexicon]", "[lexicon", r"not valid TOML"),
        ("bullets = [", "ends = [", r"lexicon\.ends = \[.*: is not a known key"),
        ('"buy now",', '"",', r"lexicon\.advertisement\.0 = '': .*at least 1 character"),
    ],
)
def test_a_malformed_file_is_refused_with_file_key_value_and_rule(folder, old, new, message):
    assert old in SHIPPED
    with pytest.raises(ConfigError, match=message):
        load_rules(folder(SHIPPED.replace(old, new, 1)), "en")


def test_a_rule_without_a_threshold_does_not_apply(folder):
    rules = load_rules(folder(SHIPPED.replace("min_words = 30", "")), "en")
    assert "min_words" not in {rule.key for rule, _ in rules.thresholds}


def test_a_file_that_is_edited_while_the_process_lives_is_read_again(folder):
    before = load_rules(folder(SHIPPED), "en")
    after = load_rules(folder(SHIPPED.replace("min_words = 30", "min_words = 31")), "en")
    values = [{rule.key: value for rule, value in one.thresholds} for one in (before, after)]
    assert [one["min_words"] for one in values] == [30, 31]
    assert load_rules(folder(SHIPPED), "en") is before


def test_an_empty_folder_is_refused(tmp_path):
    with pytest.raises(FileNotFoundError, match="holds no rules file"):
        digest_rules(str(tmp_path))


def test_the_digest_follows_the_content(folder):
    before = digest_rules(folder(SHIPPED))
    assert digest_rules(folder(SHIPPED + "# a comment\n")) != before
