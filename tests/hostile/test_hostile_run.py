"""The hostile pages through a whole run on Spark, to the shards."""

from dataclasses import replace

import pytest

from conf import locate
from curation.config import load_config
from curation.storage import ledger
from curation.testing.samples import CHINESE, ENGLISH
from tests.curation.small_runs import kept, run
from tests.curation.sources.archives import http
from tests.hostile.crawl import SIZE, HostilePage, pages, write_hostile_crawl
from tests.hostile.markup import in_page

pytestmark = [pytest.mark.spark, pytest.mark.timeout(900), pytest.mark.slow]

GOOD = [
    HostilePage(name, http(in_page(body=f"<p>{text}</p>"), content_type="text/html; charset=utf-8"))
    for name, text in (("english", ENGLISH), ("chinese", CHINESE))
]


def test_a_run_over_hostile_pages_accounts_for_each_and_exports_the_good_ones(spark, tmp_path):
    given = [*pages(SIZE), *GOOD]
    path = tmp_path / "hostile.warc.gz"
    path.write_bytes(write_hostile_crawl(given))
    local = load_config(locate("local.toml"))
    exported = {"export": local.outputs["export"]}
    config = replace(local, max_quarantine_ratio=1.0, outputs=exported)
    *judged, export = run(spark, config, str(path), tmp_path / "runs")
    assert judged[0].manifest.rows_in == len(given)
    before = None
    for outcome in judged:
        ledger.check(outcome.manifest, before)
        before = outcome.manifest
    reasons = {found.reason for outcome in judged for found in outcome.manifest.reasons}
    assert "stage_failed" not in reasons
    good = {f"http://e.example/{len(given) - back}" for back in (1, 2)}
    assert good <= {row["url"] for row in kept(judged[-1])}
    assert export.manifest.keep == before.keep
