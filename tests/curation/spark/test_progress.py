"""What is shown of a step while it runs."""

import io
import time
from concurrent.futures import ThreadPoolExecutor

import pytest
from rich.console import Console

from curation.spark import progress, progress_display
from curation.spark.progress import PageCount, with_progress
from curation.spark.progress_display import Display, Reached
from curation.spark.tasks import run_tasks


@pytest.fixture
def often(monkeypatch):
    monkeypatch.setattr(progress, "POLL_S", 0.02)
    monkeypatch.setattr(progress, "LOG_POLL_S", 0.02)
    monkeypatch.setattr(progress_display, "LINE_EVERY_S", 0.05)


def judge_slowly(spark, pages, counted):
    """Eight parts of ten pages, of which seven are kept."""

    def judge(part):
        time.sleep(0.1)
        counted.end(10, 7)
        return part

    counted.expect(8, pages)
    return run_tasks(spark, range(8), judge)


@pytest.mark.spark
def test_a_log_gets_a_line_now_and_then_with_pages_their_rate_and_the_time_left(spark, often):
    log = io.StringIO()
    console = Console(file=log, width=140)
    done = with_progress(
        spark.sparkContext, "03 lines", lambda pages: judge_slowly(spark, 80, pages), console
    )
    assert done == list(range(8))
    lines = log.getvalue().splitlines()
    assert all(line.startswith("03 lines: ") for line in lines)
    under_way = [line for line in lines if "left" in line]
    assert under_way
    assert all("of 80 pages, 70.0% kept, " in line and "pages/s" in line for line in under_way)
    assert "\x1b" not in log.getvalue()


@pytest.mark.spark
def test_of_a_crawl_that_nobody_has_counted_the_parts_are_told(spark, often):
    log = io.StringIO()
    work = lambda pages: judge_slowly(spark, None, pages)  # noqa: E731
    with_progress(spark.sparkContext, "01 prepare", work, Console(file=log, width=140))
    assert " of 8 parts), " in log.getvalue()


@pytest.mark.spark
def test_a_terminal_gets_a_bar_and_no_lines(spark, often):
    screen = io.StringIO()
    console = Console(file=screen, force_terminal=True, width=140)
    with_progress(
        spark.sparkContext, "03 lines", lambda pages: judge_slowly(spark, 80, pages), console
    )
    assert "03 lines:" not in screen.getvalue()
    assert "of 80 pages" in screen.getvalue()


@pytest.mark.spark
def test_what_fails_in_the_work_is_raised_where_it_was_asked_for(spark):
    def fail(_):
        raise ValueError("no such thing")

    with pytest.raises(ValueError, match="no such thing"):
        with_progress(spark.sparkContext, "04", fail, Console(file=io.StringIO()))


@pytest.mark.spark
def test_work_that_counts_no_pages_shows_its_tasks(spark, often):
    log = io.StringIO()

    def work(_):
        return run_tasks(spark, range(4), lambda n: time.sleep(0.2) or n)

    with_progress(spark.sparkContext, "08 export", work, Console(file=log, width=140))
    assert "08 export: " in log.getvalue()
    assert " of 4 tasks" in log.getvalue()


@pytest.mark.spark
def test_a_task_on_this_machine_says_how_far_it_is_before_it_ends(spark, often):
    log = io.StringIO()

    def work(counted):
        def judge(part):
            for page in range(10):
                counted.follow(part, page + 1, page // 2)
                time.sleep(0.05)
            counted.end(10, 5)

        counted.expect(1, 10)
        run_tasks(spark, range(1), judge)
        return counted.reached()

    reached = with_progress(spark.sparkContext, "05", work, Console(file=log, width=140))
    assert any(f"05: {page} of 10 pages" in log.getvalue() for page in range(1, 9))
    assert (reached.pages, reached.kept, reached.parts, reached.ratio) == (10, 5, 1, 1.0)


@pytest.mark.spark
def test_a_part_that_is_begun_again_is_counted_from_its_beginning(spark):
    counted = PageCount(spark.sparkContext)
    counted.expect(2, 20)
    for part, pages, kept in ((0, 7, 7), (1, 4, 2), (0, 2, 1)):
        counted.follow(part, pages, kept)
    assert (counted.reached().pages, counted.reached().kept) == (6, 3)
    counted.close()
    counted.follow(0, 9, 9)  # a task elsewhere, or one that comes too late: no error, no file


def test_the_time_left_of_a_crawl_is_known_once_a_part_is_done():
    assert "left" not in str(Reached(10.0, 500, 500, None, 0, 0, 4))
    assert Reached(10.0, 500, 500, None, 250, 1, 4).ratio == 0.5


def test_a_title_is_shown_as_it_is_and_not_read_as_markup(often):
    screen, log = io.StringIO(), io.StringIO()
    for stream, is_terminal in ((screen, True), (log, False)):
        console = Console(file=stream, force_terminal=is_terminal, width=140)
        with Display(console, "03 [bold]lines[/]") as display:
            time.sleep(0.06)
            display.show(Reached(1.0, 1, 1, 2, 0, 0, 1))
    assert "[bold]lines[/]" in screen.getvalue()
    assert "[bold]lines[/]: 1 of 2 pages" in log.getvalue()


@pytest.mark.spark
def test_what_a_task_has_counted_is_seen_together(spark):
    counted, seen = PageCount(spark.sparkContext), set()
    counted.expect(200, None)
    looking = True

    def look():
        while looking:
            reached = counted.reached()
            seen.add((reached.pages, reached.kept, reached.parts))

    def judge(part):
        counted.end(10, 7)
        return part

    with ThreadPoolExecutor(1) as pool:
        watched = pool.submit(look)
        run_tasks(spark, range(200), judge)
        looking = False
        watched.result()
    counted.close()
    assert len(seen) > 1
    assert all(kept * 10 == pages * 7 and parts * 10 == pages for pages, kept, parts in seen)
