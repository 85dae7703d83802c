"""French, which the project does not have, by the files that docs/architecture.md shows."""

import re
import shutil
from pathlib import Path
from textwrap import dedent

import pytest

from conf import locate
from curation.config import load_config
from curation.run.chain_checks import check_languages
from curation.testing.samples import document
from models import quality
from models.text import languages
from models.text.languages import Languages, Sign
from schemas.verdict import Decision
from stages.category import Category
from stages.chain import Document, open_chain, run_chain
from stages.clutter import Clutter
from stages.fuzzy_dedup.stage import FuzzyDedup
from stages.identity import Identity
from stages.language import Language
from stages.line_dedup.stage import LineDedup
from stages.page_type import PageType
from stages.quality import Quality
from stages.rules import Rules

DOCS = Path(__file__).parents[1] / "docs" / "architecture.md"
PROSE = (
    "La rivière prend sa source dans les collines au nord de la vieille ville et coule vers la "
    "mer. Les paysans se servent de son eau depuis le douzième siècle, et le premier moulin y "
    "fut construit par des moines qui avaient besoin de farine pour l'abbaye.\n"
    "Quand le chemin de fer est arrivé, les moulins ont fermé l'un après l'autre, parce que la "
    "vapeur était moins chère que l'eau et que la nouvelle ligne portait le blé au port. Les "
    "visiteurs peuvent encore voir la grande roue, et suivre le vieux chemin jusqu'au village."
)
PROMPT = "\n".join(["Se connecter", "Créer un compte", "Mot de passe oublié ?"] * 3) + "\n" + PROSE


def shown(name):
    """A file that the documentation shows."""
    block = re.search(rf"```toml\n *# {name}\n(.*?)```", DOCS.read_text("utf-8"), re.DOTALL)
    return dedent(block[1])


@pytest.fixture
def add(tmp_path, monkeypatch):
    """Adds French to what is known, and returns the folder of rules that has its rules too."""

    def add_french(more=""):
        for folder in ("languages", "rules"):
            shutil.copytree(locate(folder), tmp_path / folder)
            content = shown(f"conf/{folder}/fr.toml") + (more if folder == "languages" else "")
            (tmp_path / folder / "fr.toml").write_text(content, "utf-8")
        known = Languages.read(tmp_path / "languages")
        monkeypatch.setattr(languages, "KNOWN", known)
        return str(tmp_path / "rules")

    return add_french


def judged(stages, *texts):
    documents = [Document(document(f"page {n}", n, text)) for n, text in enumerate(texts)]
    run_chain(open_chain(stages), documents)
    return documents


EMPTY_SIGNS = "\n[signs]\n" + "".join(f"{sign} = []\n" for sign in Sign)


def test_its_pages_are_kept_or_removed_by_its_own_rules(add):
    stages = [Language(languages=("fr",)), Rules(rules=add())]
    prose, prompt, short, english = judged(
        stages, PROSE, PROMPT, "Accueil", "It is a good day. " * 9
    )
    assert (prose.decision, prose.columns["language"]) == (Decision.KEEP, "fr")
    assert prose.columns["measures"]["function_words_ratio"] > 0.25
    assert prose.columns["measures"]["stop_words"] >= 5
    assert prose.columns["measures"]["sentences"] == 4
    assert (prompt.stage, prompt.reason) == ("rules", "registration_prompt")
    assert short.decision is Decision.REMOVE
    assert (english.stage, english.reason) == ("language", "other_language")


def test_stages_that_ask_for_no_language_compare_its_pages(add):
    add()
    rows = [document("a", 0, PROSE), document("b", 1, PROSE.upper() + "!")]
    one, other = FuzzyDedup().open_keys()(rows)
    assert one["bands"] == other["bands"] != []
    one, other = Identity().open_keys()(rows)
    assert one["digest"] == other["digest"]
    assert LineDedup().open_keys()(rows)[0]


@pytest.mark.parametrize("stage", [PageType(), Clutter()])
def test_its_signs_let_page_type_and_clutter_judge_it(add, stage):
    add(EMPTY_SIGNS.replace("navigate = []", "navigate = ['accueil', 'se connecter']"))
    assert stage.lacks("fr") == ""
    [page] = judged([stage], PROSE)
    assert (page.decision, page.columns["text"]) == (Decision.KEEP, PROSE)


def test_its_signs_are_counted_beside_those_of_the_others(add):
    add(EMPTY_SIGNS.replace("navigate = []", "navigate = ['accueil']"))
    counted = languages.KNOWN.count_signs(Sign.NAVIGATE, "Accueil | Home | 首页 | accueillir")
    assert counted == 3


def test_weights_of_its_own_let_quality_judge_it(add, tmp_path, monkeypatch):
    add()
    assert "models/quality/quality_fr.json" in Quality().lacks("fr")
    for code, source in (("en", "en"), ("fr", "en")):
        shutil.copy(quality.HOME / f"quality_{source}.json", tmp_path / f"quality_{code}.json")
    monkeypatch.setattr(quality, "HOME", tmp_path)
    assert Quality().lacks("fr") == ""
    english = "The river rises in the hills north of the old town and runs to the sea."
    french, other = quality.load().score([PROSE, english])
    assert (french.language, other.language) == ("fr", "en")


def test_lexicons_of_its_own_let_category_judge_it(add, tmp_path):
    add()
    assert "lexicon_fr" in Category().lacks("fr")
    shipped = locate("taxonomy.toml").read_text("utf-8")
    added = re.sub(
        r'^id = "(\w+)"$',
        r'\g<0>\nname_fr = "\1"\nlexicon_fr = ["mot_\1"]',
        shipped,
        flags=re.MULTILINE,
    )
    path = tmp_path / "taxonomy.toml"
    path.write_text(added.replace('["mot_physics"]', '["moulin", "farine"]'), "utf-8")
    stage = Category(model="lexicon", taxonomy=str(path))
    assert stage.lacks("fr") == ""
    assert judged([stage], PROSE)[0].columns["category"] == "physics"


def test_a_plan_takes_it_once_every_stage_can_judge_it(add, tmp_path):
    rules = add(EMPTY_SIGNS)
    path = tmp_path / "pipeline.toml"
    path.write_text(
        "name = 'french'\n"
        "[[step]]\nname = 'prepare'\nstages = ['extract', 'language', 'identity']\n"
        "[[step]]\nname = 'judge'\nstages = ['line_dedup', 'rules', 'page_type', 'clutter']\n"
        f"[stage.language]\nlanguages = ['zh', 'fr']\n[stage.rules]\nrules = '{rules}'\n"
    )
    check_languages(load_config(path))
