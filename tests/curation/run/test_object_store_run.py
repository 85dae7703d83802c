"""A whole run with its crawl and its root in an object store."""

import pytest

from curation.inspect.run_files import choose_run, load_run
from curation.storage import manifest
from curation.testing.samples import CHINESE, ENGLISH
from tests.commands import output
from tests.curation.conftest import Bucket
from tests.curation.small_runs import SMALL
from tests.curation.sources.archives import members, record

pytestmark = [pytest.mark.spark, pytest.mark.slow]

CONF = f"part_bytes = 700\n{SMALL}[export]\n[pack]\n"


def archive(first):
    texts = [ENGLISH, CHINESE, ENGLISH + " " + CHINESE, "Le moulin fut construit par les moines."]
    records = [
        record(text.encode(), kind="conversion", number=first + n, content_type="text/plain")
        for n, text in enumerate(texts)
    ]
    return b"".join(members(records, ".gz"))


def products(root):
    """What a run exports and packs: names within their step's folder, and hashes of their bytes."""
    steps = load_run(choose_run(root, None, None))
    return {(file.name, file.sha256) for step in steps for file in step.manifest.products}


@pytest.mark.usefixtures("tests_own_session")
def test_a_run_with_its_root_in_a_bucket_makes_the_bytes_of_one_on_the_disk(s3_server, tmp_path):
    bucket = Bucket(s3_server, "whole-run")
    bucket.put("crawl/a.wet.gz", archive(0))
    bucket.put("crawl/b.wet.gz", archive(10))
    conf = tmp_path / "small.toml"
    conf.write_text(CONF)
    crawl, root = f"{bucket.uri}/crawl", f"{bucket.uri}/runs"
    text = output("run", conf, crawl, "--root", root)
    assert f"report: {root}/small/default/report.html" in text
    output("run", conf, crawl, "--root", tmp_path / "runs")
    assert len(products(root)) > 3
    assert products(root) == products(str(tmp_path / "runs"))
    assert "to run" not in output("plan", conf, crawl, "--root", root)
    assert "removed by" in output("why", "http://e.example/3", "--root", root)
    assert manifest.load(load_run(choose_run(root, None, None))[0].folder).rows_in == 8
