"""A plan refuses a language that a stage cannot judge, before anything runs."""

import pytest

from conf import locate
from conf.records import ConfigError
from curation.batches.records import find_batch
from curation.config import PipelineConfig, StepConfig, load_config
from curation.errors import UsageError
from curation.run.chain_checks import check_languages
from curation.run.planning import make_plan
from stages.category import Category
from stages.clutter import Clutter
from stages.language import Language
from stages.page_type import PageType
from stages.quality import Quality
from stages.rules import Rules

FRENCH = Language(languages=("zh", "fr"))


def pipeline(*stages):
    names = tuple(stage.name for stage in stages)
    by_name = {stage.name: stage for stage in stages}
    return PipelineConfig(name="tiny", step=(StepConfig("only", names),), stage=by_name)


@pytest.mark.parametrize(
    ("stage", "lack"),
    [
        (Rules(), r"has no rules file in conf/rules: add conf/rules/fr\.toml"),
        (Rules(rules="rules/papers"), r"zh has no rules file in conf/rules/papers: add"),
        (PageType(), r"has no record: add conf/languages/fr\.toml or name a checkpoint in"),
        (Clutter(), r"has no record: add .* in stage\.clutter\.model, or take fr out"),
        (Quality(), r"has no weights .* \(en, zh\): fit models/quality/quality_fr\.json or name"),
        (Category(), r"has no lexicons in the taxonomy: add name_fr and lexicon_fr to every class"),
    ],
)
def test_a_language_that_a_stage_cannot_judge_is_refused_with_what_to_add(stage, lack):
    with pytest.raises(ConfigError, match=f"tiny: stage {stage.name}: language .*{lack}"):
        check_languages(pipeline(FRENCH, stage))


def test_a_plan_asks_before_anything_runs(tmp_path):
    batch = find_batch(str(tmp_path), "tiny", "default")
    with pytest.raises(ConfigError, match=r"or take fr out of stage\.language\.languages$"):
        make_plan(pipeline(FRENCH, Category()), (), batch)


@pytest.mark.parametrize("name", ["local.toml", "dots_llm1.toml"])
def test_the_shipped_pipelines_judge_all_that_they_keep(name):
    check_languages(load_config(locate(name)))


@pytest.mark.parametrize("stage", [PageType, Clutter, Quality, Category])
def test_a_checkpoint_is_taken_to_know_every_language(stage):
    check_languages(pipeline(FRENCH, stage(model="./a-checkpoint")))


def test_a_stage_before_the_choice_of_languages_is_not_asked():
    check_languages(pipeline(Quality(), FRENCH))


def test_without_a_choice_of_languages_nothing_is_asked():
    check_languages(pipeline(Rules(), Quality()))


def test_a_missing_folder_of_rules_is_told_for_its_stage(tmp_path):
    with pytest.raises(UsageError, match=r"stage rules: rules: .* holds no rules file"):
        check_languages(pipeline(FRENCH, Rules(rules=str(tmp_path))))
