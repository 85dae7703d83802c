import pickle
import random

import pytest

from schemas.verdict import Decision
from stages.chain import Document, open_chain, run_chain
from stages.extract import Extract, ExtractionMethod, ExtractReason, extract

ARTICLE = [
    "The river rises in the northern hills and runs for ninety miles before it meets the sea.",
    "Along its upper course the water is clear and cold, and few people live on its banks.",
    "Farther down, two towns grew up around old mills, and both have kept their stone bridges.",
    "Every spring the meadows are flooded for some weeks, which is why no road follows the valley.",
]
CHINESE = [
    "这条河发源于北部的丘陵地带，流经九十里之后汇入大海，沿途经过许多古老的村庄。",
    "上游的水清澈而寒冷，两岸居民很少，只有几户人家在山坡上种植茶树和果树为生。",
    "再往下走，两座小镇围绕着旧磨坊发展起来，至今都还保留着当年修建的石桥。",
    "每年春天草地都会被淹没几个星期，因此山谷里一直没有修建公路，只能乘船往来。",
]
NAVIGATION = "".join(f"<li><a href='/{n}'>Section {n}</a></li>" for n in range(12))


def page(paragraphs, title="On rivers"):
    text = "".join(f"<p>{paragraph}</p>" for paragraph in paragraphs)
    return (
        f"<html><head><title>{title}</title><script>var x = 'code'</script></head><body>"
        f"<nav><ul>{NAVIGATION}</ul></nav><article><h1>{title}</h1>{text}</article>"
        f"<footer><p>Copyright 2020 Somebody. All rights reserved.</p></footer></body></html>"
    )


def row(body=b"", **columns):
    given = {
        "text": "",
        "title": "",
        "content_type": "text/html",
        "url": "http://e.org/",
        "http_charset": "",
    }
    return {"body": body, **given, **columns}


@pytest.fixture(scope="module")
def judge():
    return Extract(timeout_s=20).open()


@pytest.fixture(scope="module")
def guarded():
    return Extract(timeout_s=4, max_memory_bytes=1 << 30).open()


def test_the_paragraphs_of_an_article_come_out_one_a_line_without_navigation():
    found = extract(page(ARTICLE).encode(), url="http://e.org/")
    assert [line for line in found.text.splitlines() if line in ARTICLE] == ARTICLE
    assert "Section 3" not in found.text
    assert "All rights reserved" not in found.text
    assert (found.title, found.charset) == ("On rivers", "utf-8")


def test_a_chinese_article_comes_out_whole_under_a_false_header():
    found = extract(page(CHINESE, "河流").encode("gbk"), url="http://e.cn/", http_charset="utf-8")
    assert [line for line in found.text.splitlines() if line in CHINESE] == CHINESE
    assert (found.title, found.charset) == ("河流", "gb18030")


def test_a_row_gives_every_written_column(judge):
    (verdict,) = judge([row(page(ARTICLE).encode())])
    assert verdict.decision is Decision.KEEP
    assert set(verdict.columns) == set(Extract.writes)
    assert verdict.columns["markup"]["links"] == 12


def test_a_document_that_has_text_passes_unchanged(judge):
    (verdict,) = judge([row(None, text="given\n\n text", title="given title")])
    assert verdict.decision is Decision.KEEP
    assert (verdict.columns["text"], verdict.columns["title"]) == ("given\n\n text", "given title")


def test_plain_text_is_decoded_and_not_parsed(judge):
    body = "1 < 2  und\r\n\r\n<b>zwei ist größer als eins</b>".encode("cp1252")
    (verdict,) = judge([row(body, content_type="text/plain", http_charset="iso-8859-1")])
    assert verdict.columns["text"] == "1 < 2 und\n<b>zwei ist größer als eins</b>"


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (b"", ExtractReason.NO_TEXT),
        (None, ExtractReason.NO_TEXT),
        (b"<html><body></body></html>", ExtractReason.NO_TEXT),
        (b"<html><body><p>Short one.</p></body></html>", ExtractReason.TEXT_TOO_SHORT),
        (b"x" * ((8 << 20) + 1), ExtractReason.HTML_TOO_LARGE),
    ],
)
def test_a_page_without_enough_text_is_removed_for_it(judge, body, reason):
    (verdict,) = judge([row(body)])
    assert (verdict.decision, verdict.reason) == (Decision.REMOVE, reason)
    assert verdict.detail


@pytest.mark.parametrize(
    "text", ["The shop is closed until Monday.", "本店暂停营业，下周一恢复，敬请谅解，谢谢。"]
)
def test_a_page_of_one_short_sentence_is_not_empty(judge, text):
    (verdict,) = judge([row(page([text], title="").encode())])
    assert verdict.decision is Decision.KEEP
    assert text in verdict.columns["text"]


HOSTILE = {
    "deep": "<div>" * 100_000 + "deep",
    "deep_inline": "<b><i>" * 50_000 + "deep",
    "attribute": f"<p class='{'x' * 4_000_000}'>text of a paragraph with one giant attribute</p>",
    "attributes": "<p " + " ".join(f"a{n}=1" for n in range(200_000)) + ">many</p>",
    "tags": "<p>a</p>" * 300_000,
    "open_tags": "<p><font><b>" * 100_000,
    "nuls": "\x00".join(page(ARTICLE)),
    "entities": "&amp;lt;" * 500_000 + "&#xD800;&#x110000;&#0;&#99999999999;",
    "bomb": "<!DOCTYPE x [<!ENTITY a 'aaaaaaaaaa'>"
    + "".join(f"<!ENTITY b{n} '{'&a;' * 10}'>" for n in range(50))
    + "]><html><body>&b49;</body></html>",
    "table": "<table>" + "<tr><td>cell<td>cell" * 150_000,
    "tables": "<table><tr><td>" * 30_000,
    "lists": "<ul><li>" * 60_000,
    "links": "<a href=x>link " * 100_000,
    "nested_links": "<a href=x><div>" * 240 + "word<br>" * 200_000,
    "unclosed": '<p title="' + "never closed " * 300_000,
    "comment": page(ARTICLE) + "<!--" + "-" * 2_000_000,
    "script": "<script>" + "x" * 6_000_000,
    "one_line": "<p>" + "word " * 1_500_000 + "</p>",
}


@pytest.mark.slow
@pytest.mark.parametrize("name", sorted(HOSTILE))
def test_a_hostile_page_gets_a_verdict_and_so_does_the_next(name, guarded):
    hostile, after = guarded([row(HOSTILE[name].encode("utf-8")), row(page(ARTICLE).encode())])
    assert hostile.decision is Decision.KEEP or hostile.reason in set(ExtractReason)
    assert hostile.reason != ExtractReason.EXTRACTION_FAILED, hostile.detail
    assert after.decision is Decision.KEEP


def test_a_hang_is_quarantined_and_the_next_page_is_judged(judge, monkeypatch):
    strict = Extract(timeout_s=0.05, max_pages_per_child=1).open()
    heavy = ("<div>" + "<p>word <b>word</b>, word.</p>" * 40_000).encode()
    verdicts = strict([row(heavy), row(heavy)])
    assert {verdict.reason for verdict in verdicts} == {ExtractReason.TIMED_OUT}
    assert judge([row(page(ARTICLE).encode())])[0].decision is Decision.KEEP


def test_a_page_gives_the_same_alone_and_after_others_in_any_order(judge):
    rows = [
        row(page(ARTICLE[:n] + CHINESE[:n]).encode(), url=f"http://e.org/{n}") for n in range(1, 5)
    ]
    rows += rows[:2]
    alone = [Extract().open()([one])[0] for one in rows[:2]]
    order = list(range(len(rows)))
    random.Random(7).shuffle(order)
    together = dict(zip(order, judge([rows[n] for n in order]), strict=True))
    assert [together[0], together[1]] == [together[4], together[5]] == alone


def test_the_stage_survives_pickling():
    stage = Extract(timeout_s=3.0)
    assert pickle.loads(pickle.dumps(stage)) == stage


def test_the_chain_writes_what_the_stage_declares():
    documents = [Document(dict(row(page(CHINESE).encode()))), Document(dict(row(b"")))]
    run_chain(open_chain([Extract()]), documents)
    kept, removed = (document.row() for document in documents)
    assert kept["text"].splitlines()[-1] == CHINESE[-1]
    assert (removed["stage"], removed["reason"]) == ("extract", "no_text")


def test_a_site_rule_decides_what_is_the_body(tmp_path):
    (tmp_path / "e.toml").write_text(
        'domains = ["e.org"]\n[extract]\nbody = ["//footer"]\ntitle = ["//nav//li[1]"]\n'
        'date = ["//time/@datetime", "//nav//li[3]"]\ndrop = ["//nav//li[3]", "//article"]'
    )
    stage = Extract(sites=str(tmp_path), min_text_chars=1)
    (verdict,) = stage.open()([row(page(ARTICLE).encode(), url="http://www.e.org/x")])
    assert verdict.columns["text"] == "Copyright 2020 Somebody. All rights reserved."
    assert verdict.columns["title"] == "Section 0"
    assert verdict.columns["published"] == "Section 2"  # read before it is dropped
    assert set(stage.resources()) == {
        f"{tmp_path.name}/e.toml",
        "keyword_lines.toml",
        "main_content",
    }


FRENCH = [
    "La rivière prend sa source dans les collines du nord et parcourt cent kilomètres vers la mer.",
    "Dans son cours supérieur l'eau est claire et froide, et peu de gens habitent sur ses rives.",
    "Plus bas, deux villes ont grandi autour de vieux moulins et ont gardé leurs ponts de pierre.",
]


def test_a_page_surely_in_another_language_leaves_before_extraction():
    early = Extract(languages=("zh", "en")).open()
    found = early([row(page(FRENCH * 2, "Au fil de l'eau").encode()), row(page(ARTICLE).encode())])
    assert [v.reason for v in found] == [ExtractReason.OTHER_LANGUAGE, ""]
    assert found[0].detail.startswith("mostly fr; at most 0.")
    assert found[0].detail.endswith("of what was read before extraction is zh or en")
    assert FRENCH[0] in found[0].columns["text"]


def test_without_languages_it_is_extracted_like_any_other(judge):
    (found,) = judge([row(page(FRENCH * 2).encode())])
    assert found.decision is Decision.KEEP


def test_the_library_counts_among_the_resources_only_where_it_reads():
    assert "trafilatura" in Extract(method=ExtractionMethod.TRAFILATURA).resources()
    assert "trafilatura" not in Extract().resources()
