"""The page on clusters is typed, block by block, on a cluster of this machine."""

import pytest

from benchmarks.cluster_page import blocks_of_the_page, main


def test_the_page_says_how_to_pack_an_environment_and_how_to_submit_with_it():
    pack, submit = blocks_of_the_page()
    assert "environment.tar.gz" in pack
    assert "spark-submit" in submit
    assert "environment.tar.gz" in submit


@pytest.mark.spark
@pytest.mark.slow
@pytest.mark.timeout(1800)
def test_what_the_page_says_makes_the_shards_of_a_run_without_a_cluster(tmp_path):
    main(tmp_path / "checkout")
