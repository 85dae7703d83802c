"""A report of hostile pages in a real browser: nothing of it runs, nothing is fetched.

Every view is opened, used and looked at: screenshots lie in a folder that the test names, which
``REPORT_SCREENSHOTS`` may set. Without Chromium, or without playwright, there is nothing to run.
"""

import pytest

from curation.inspect.report import render
from schemas.verdict import remove
from tests.curation.inspect.report.browsers import CHROMIUM, picture_folder
from tests.curation.inspect.report.small_run import Fault, data_of, document, make_run

playwright = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
pytestmark = pytest.mark.skipif(not CHROMIUM, reason="no Chromium on this machine")

VIEWS = ("overview", "thresholds", "reasons", "mix", "duplicates", "sites", "samples", "run")
SIZES = {"desktop": {"width": 1366, "height": 900}, "phone": {"width": 390, "height": 844}}
SCROLLING_SIDEWAYS = """[...document.querySelectorAll("body *")]
    .filter((one) => one.scrollWidth > one.clientWidth + 1)
    .filter((one) => ["auto", "scroll"].includes(getComputedStyle(one).overflowX))
    .map((one) => one.className)"""


@pytest.fixture(scope="module")
def browser():
    with playwright.sync_playwright() as started:
        found = started.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield found
        found.close()


@pytest.fixture(scope="module")
def report(tmp_path_factory):
    path = tmp_path_factory.mktemp("report") / "report.html"
    path.write_text(render(make_run(path.parent)), encoding="utf-8")
    return path


@pytest.fixture(scope="module")
def screenshots(tmp_path_factory):
    return picture_folder(tmp_path_factory.mktemp("screenshots"))


class Opened:
    """A report in a page of its own, with all that it asked for and complained of."""

    def __init__(self, browser, report, size="desktop", theme="light"):
        self.context = browser.new_context(viewport=SIZES[size], color_scheme=theme)
        self.page = self.context.new_page()
        self.requests, self.complaints = [], []
        self.page.on("request", lambda one: self.requests.append(one.url))
        self.page.on("pageerror", lambda one: self.complaints.append(str(one)))
        self.page.on("console", lambda one: self.complaints.append(one.text))
        self.page.goto(report.as_uri())
        self.address = report.as_uri()

    def show(self, view, query=""):
        self.page.evaluate(f"location.hash = '#{view}{query}'")
        self.page.wait_for_selector(f"nav a[data-view='{view}'][aria-current]")

    def texts(self, selector):
        return self.page.locator(selector).all_inner_texts()

    def check(self):
        """Nothing ran that pages wrote, nothing was fetched, and nobody complained."""
        assert self.page.evaluate("window.ran") is None
        assert {one.split("#")[0] for one in self.requests} == {self.address}
        assert self.complaints == []
        self.context.close()


@pytest.fixture
def opened(browser, report):
    found = Opened(browser, report)
    yield found
    found.check()


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("size", list(SIZES))
def test_every_view_opens_and_fits_the_screen(browser, report, screenshots, size, theme):
    found = Opened(browser, report, size, theme)
    for view in VIEWS:
        found.show(view)
        for details in found.page.locator("main details").all()[:8]:
            details.evaluate("one => { one.open = true; }")
        wide = found.page.evaluate("document.documentElement.scrollWidth")
        assert wide <= SIZES[size]["width"], f"{view} is {wide} px wide"
        assert found.page.evaluate(SCROLLING_SIDEWAYS) == [], view
        assert found.page.locator("main").inner_text().strip()
        found.page.screenshot(path=screenshots / f"{view}-{size}-{theme}.png")
    found.check()


def test_the_first_screen_says_in_words_and_in_a_row_a_stage_what_stays_and_what_left(
    opened, report
):
    stages = data_of(report.read_text())["funnel"]
    rules = next(stage for stage in stages if stage["stage"] == "rules")
    gone = rules["pages"] - rules["keep"]
    words = opened.page.locator(".gist").inner_text()
    assert f"{stages[-1]['keep']} of {stages[0]['pages']} pages stay" in words
    assert f"rules ({gone})" in words
    rows = [text.split() for text in opened.texts(".funnel li")]
    assert rows[0] == ["pages", "in", str(stages[0]["pages"]), "100%"]
    assert [row[0] for row in rows[1:]] == [stage["stage"] for stage in stages]
    row = next(row for row in rows if row[0] == "rules")
    assert {str(rules["keep"]), f"−{gone}", "too_many_words"} <= set(row)


def test_on_a_phone_a_row_has_its_numbers_in_a_line_and_the_rest_below(browser, report):
    found = Opened(browser, report, "phone")
    found.show("sites")
    rows = found.page.locator(".screen tbody tr")
    boxes = [
        [rows.nth(row).locator(f"td:nth-child({n})").bounding_box() for n in (1, 2, 7)]
        for row in range(3)
    ]
    for name, pages, left in boxes:
        assert abs(name["y"] - pages["y"]) < name["height"]
        assert left["y"] >= name["y"] + name["height"]
        assert left["x"] == name["x"]
    assert len({pages["x"] + pages["width"] for _, pages, _ in boxes}) == 1
    found.check()


def test_copies_with_the_same_words_are_shown_once(browser, tmp_path):
    copy, other = document(70, "Words.", twin=f"{71:032x}"), document(71, "Words.")
    copy.apply("rules", remove(Fault.SAME_TEXT, "the same text"))
    path = tmp_path / "report.html"
    path.write_text(render(make_run(tmp_path, [copy, other])), "utf-8")
    found = Opened(browser, path)
    found.show("duplicates")
    playwright.expect(found.page.locator(".beside .text")).to_have_count(1)
    assert found.texts(".beside .url") == [copy.columns["url"], other.columns["url"]]
    found.check()


def test_a_bar_shows_its_samples_the_nearest_to_the_threshold_first(opened):
    opened.show("thresholds", "?language=en")
    chart = opened.page.locator("svg.histogram[aria-label^='measures.words']").first
    chart.focus()
    for _ in range(12):
        opened.page.keyboard.press("ArrowRight")
    tip = opened.page.locator("#tip").inner_text()
    assert "kept" in tip
    opened.page.keyboard.press("Enter")
    opened.page.wait_for_selector("article.sample")
    notes = [float(text.split()[-1]) for text in opened.texts(".note")]
    assert notes
    assert [abs(one - 20) for one in notes] == sorted(abs(one - 20) for one in notes)
    low, high = tip.splitlines()[0].split(" to ")
    assert all(float(low) <= one <= float(high) for one in notes)


def test_a_click_on_a_bar_does_as_the_key_does(opened):
    opened.show("thresholds")
    bar = opened.page.locator("svg.histogram .bar:has(.part.gone[height]:not([height='0']))").first
    bar.locator(".part.gone").click()
    opened.page.wait_for_selector("article.sample")
    assert "measure=" in opened.page.url


def test_samples_are_filtered_by_how_they_ended_language_site_and_words(opened, report):
    samples = data_of(report.read_text())["samples"]
    opened.show("samples", "?stage=rules&reason=too_many_words&language=zh")
    expected = [
        one
        for one in samples
        if one.get("reason") == "too_many_words" and one["ends"] and one["language"] == "zh"
    ]
    articles = opened.page.locator("article.sample")
    playwright.expect(articles).to_have_count(len(expected))
    opened.page.get_by_label("site").fill("site-3")
    of_site = [one for one in expected if "site-3" in one["site"]]
    playwright.expect(articles).to_have_count(len(of_site))
    opened.page.get_by_label("words", exact=True).fill("no such words")
    opened.page.wait_for_selector("main .none")
    opened.page.get_by_role("button", name="clear").click()
    playwright.expect(articles.nth(3)).to_be_visible()


def test_a_copy_stands_beside_the_one_that_stayed_with_the_differences_marked(opened):
    opened.show("duplicates")
    cluster = opened.page.locator("details.cluster", has_text="site-8.example/50").first
    cluster.evaluate("one => { one.open = true; }")
    playwright.expect(cluster.locator(".beside").first).to_be_visible()
    own, other = (
        one.locator("mark").all_inner_texts() for one in cluster.locator(".beside > div").all()[:2]
    )
    assert (own, other) == (["another "], [" 1"])


def test_what_was_cut_stands_in_its_place_with_who_cut_it(opened):
    opened.show("samples", "?cut=line_dedup: often")
    text = opened.page.locator("article", has_text="Words of page 1.").locator(".text").inner_text()
    lines = [line for line in text.splitlines() if line]
    assert [line for line in lines if not line.startswith("line_dedup")] == [
        *("Share this", "Words of page 1.", "网页的文字。", "Home")
    ]


def test_sites_are_sorted_by_a_click_and_searched(opened):
    opened.show("sites")
    opened.page.get_by_role("button", name="pages").click()
    pages = [int(text) for text in opened.texts(".screen tbody td:nth-child(2)")]
    assert pages == sorted(pages, reverse=True)
    assert len(pages) > 1
    opened.page.get_by_label("search").fill("site-4.")
    playwright.expect(opened.page.locator(".screen tbody tr")).to_have_count(1)


def test_hostile_pages_are_shown_as_what_they_wrote(opened):
    opened.show("samples", "?q=onerror")
    opened.page.wait_for_selector("article.sample")
    assert (
        "<img src=x onerror='window.ran = 2'>" in opened.page.locator("article").first.inner_text()
    )
    assert opened.page.locator("article img, article script, article a, article b").count() == 0


def test_the_theme_is_the_systems_until_the_button_is_pressed(opened):
    ink = "getComputedStyle(document.body).color"
    light = opened.page.evaluate(ink)
    opened.page.get_by_role("button", name="light or dark").click()
    assert opened.page.evaluate(ink) != light
