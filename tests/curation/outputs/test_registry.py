import pytest

from conf.references import ClassReferenceError
from curation.outputs.registry import KNOWN_OUTPUTS, OUTPUTS
from tests.packages import Installer, python_of

URL_LIST = python_of("own-outputs.md")


@pytest.fixture
def installer(tmp_path, monkeypatch):
    return Installer(tmp_path, monkeypatch)


def test_what_an_output_is_made_of_stands_before_it():
    for number, output in enumerate(OUTPUTS.values()):
        assert output.made_of in ("", *list(OUTPUTS)[:number])


def test_an_output_of_another_package_is_found_by_its_class_and_by_an_entry_point(installer):
    installer.module("lists_a", URL_LIST)
    found = KNOWN_OUTPUTS.find("lists_a:UrlList")
    assert (found.name, KNOWN_OUTPUTS.reference_to(found)) == ("url_list", "lists_a:UrlList")
    with pytest.raises(ClassReferenceError, match="is not an output"):
        KNOWN_OUTPUTS.find("url_list")
    installer.offer("lists-a", {"url_list": "lists_a:UrlList"}, "curation.outputs")
    assert KNOWN_OUTPUTS.find("url_list") is found
    assert KNOWN_OUTPUTS.names() == [*OUTPUTS, "url_list"]


def test_a_stage_is_no_output_and_offered_stages_are_none(installer):
    installer.module("lists_b")
    installer.offer("lists-b", {"max_length": "lists_b:MaxLength"})
    with pytest.raises(ClassReferenceError, match="is not an output"):
        KNOWN_OUTPUTS.find("max_length")
    with pytest.raises(ClassReferenceError, match="MaxLength is not an output: derive it from"):
        KNOWN_OUTPUTS.find("lists_b:MaxLength")


def test_an_output_that_does_not_write_is_refused(installer):
    installer.module("lists_c", URL_LIST.replace("def write(", "def writes("))
    with pytest.raises(ClassReferenceError, match="is abstract: it does not define write"):
        KNOWN_OUTPUTS.find("lists_c:UrlList")
