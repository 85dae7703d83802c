"""The written cases: all but those that are known to be read wrong are read right."""

from benchmarks.extraction_cases import Case, read_cases
from stages.extract import extract

CAPTIONS = {}
"""Captions of pictures, which the trees leave out as the truths of English pages do."""

PARTS = {}
"""Short parts of a page that the trees take for none of its text."""

OTHERS = {}


def test_all_other_cases_are_read_right():
    wrong = {
        case.name: faults
        for case in read_cases()
        if (faults := case.faults_of(extract(case.body, url=case.url).text))
    }
    assert {name: faults for name, faults in wrong.items() if name not in KNOWN} == {}
    assert KNOWN - wrong.keys() == set()


def test_what_is_wrong_is_said():
    case = Case("mill", "notice", "seen", "", b"", ("a\nb",), ("ad",))
    assert case.faults_of("a\nb") == []
    assert case.faults_of("a b ad") == ["lost 'a\\nb'", "holds 'ad'"]


def test_cases_have_names_of_their_own_and_something_to_find():
    cases = list(read_cases())
    assert len({case.name for case in cases}) == len(cases)
    assert all(case.must_hold and case.body for case in cases)
