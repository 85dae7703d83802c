import pytest

from conf.references import ClassReferenceError
from stages.base import Stage
from stages.language import Language
from stages.registry import KNOWN_STAGES, STAGES
from tests.packages import MAX_LENGTH, Installer


@pytest.fixture
def installer(tmp_path, monkeypatch):
    return Installer(tmp_path, monkeypatch)


@pytest.mark.parametrize("name", sorted(STAGES))
def test_a_stage_of_ours_is_found_by_its_name_and_by_its_class(name):
    found = KNOWN_STAGES.find(name)
    assert found is STAGES[name]
    assert KNOWN_STAGES.find(f"{found.__module__}:{found.__qualname__}") is found
    assert KNOWN_STAGES.reference_to(found) == name


def test_a_stage_of_another_package_is_found_by_its_class(installer):
    installer.module("lengths_a.stages")
    found = KNOWN_STAGES.find("lengths_a.stages:MaxLength")
    assert issubclass(found, Stage)
    assert (found.name, found().max_chars) == ("max_length", 1000)
    assert KNOWN_STAGES.reference_to(found) == "lengths_a.stages:MaxLength"
    assert KNOWN_STAGES.find(KNOWN_STAGES.reference_to(found)) is found


def test_a_stage_that_an_installed_package_offers_is_found_by_its_name(installer):
    installer.module("lengths_b")
    installer.offer("lengths-b", {"max_length": "lengths_b:MaxLength"})
    assert KNOWN_STAGES.find("max_length") is KNOWN_STAGES.find("lengths_b:MaxLength")
    assert KNOWN_STAGES.names() == [*STAGES, "max_length"]


@pytest.mark.parametrize(
    ("reference", "message"),
    [
        ("nothing", "is not a stage"),
        ("stages.language:", "is not of the form package.module:Class"),
        (":Language", "is not of the form package.module:Class"),
        ("..language:Language", "is not of the form package.module:Class"),
        ("no_package.stages:Max", "there is no module no_package: install its package where"),
        ("stages.no_module:Max", "there is no module stages.no_module: install its package"),
        ("stages.language:Max", "module stages.language has no Max"),
        ("stages.language:judge", "judge is not a stage: derive it from stages.base.Stage"),
        ("stages.language:LanguageReason", "LanguageReason is not a stage"),
        ("stages.base:DocumentStage", "DocumentStage is abstract: it does not define open"),
        ("stages.base:CorpusStage", "abstract: it does not define flag, open, open_keys"),
    ],
)
def test_what_names_no_stage_is_refused_in_one_line(reference, message):
    with pytest.raises(ClassReferenceError) as refused:
        KNOWN_STAGES.find(reference)
    assert message in str(refused.value)
    assert "\n" not in str(refused.value)


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ('"max_length"', '"language"', "is called 'language', which is the name of stages.langua"),
        ('"max_length"', '"source"', "is called 'source', which is the name of the engine's own"),
        ('"max_length"', '"Max length"', "MaxLength has no name to go by: set name, in lower-case"),
        ('name: ClassVar[str] = "max_length"', "", "MaxLength has no name to go by"),
        ("reads: ClassVar[tuple[str, ...]]", "read", "does not say which columns it reads"),
        ("@dataclass(frozen=True)", "", "MaxLength is not a @dataclass(frozen=True)"),
        ("def open(", "def begin(", "MaxLength is abstract: it does not define open"),
        ("from dataclasses", "import no_module\nfrom dataclasses", "needs no_module, which is mis"),
        ("import StrEnum", "import StrEnumeration", "lengths_c cannot be imported: cannot import"),
    ],
)
def test_a_class_that_the_engine_cannot_run_is_refused_in_one_line(installer, old, new, message):
    code = MAX_LENGTH.replace(old, new)
    assert code != MAX_LENGTH
    installer.module("lengths_c", code)
    with pytest.raises(ClassReferenceError) as refused:
        KNOWN_STAGES.find("lengths_c:MaxLength")
    assert message in str(refused.value)
    assert "\n" not in str(refused.value)


def test_a_name_that_another_installed_stage_has_is_refused(installer):
    installer.module("lengths_d")
    installer.module("lengths_e")
    installer.offer("lengths-d", {"max_length": "lengths_d:MaxLength"})
    with pytest.raises(ClassReferenceError, match="is the name of lengths_d:MaxLength"):
        KNOWN_STAGES.find("lengths_e:MaxLength")
    assert KNOWN_STAGES.find("lengths_d:MaxLength") is KNOWN_STAGES.find("max_length")


def test_a_name_that_two_packages_offer_is_refused(installer):
    for name in ("lengths_f", "lengths_g"):
        installer.module(name)
        installer.offer(name, {"max_length": f"{name}:MaxLength"})
    with pytest.raises(ClassReferenceError, match="is called 'max_length', which is the name of"):
        KNOWN_STAGES.find("max_length")


def test_an_entry_point_has_the_name_of_its_stage(installer):
    installer.module("lengths_h")
    installer.offer("lengths-h", {"longest": "lengths_h:MaxLength"})
    with pytest.raises(ClassReferenceError, match="leads to a stage called 'max_length'"):
        KNOWN_STAGES.find("longest")


def test_a_name_of_ours_means_ours_whatever_is_installed(installer):
    installer.module("lengths_i", MAX_LENGTH.replace('"max_length"', '"language"'))
    installer.offer("lengths-i", {"language": "lengths_i:MaxLength"})
    assert KNOWN_STAGES.find("language") is Language
