import time

import pytest

from schemas.verdict import Decision
from stages.opt_out import OptOut, OptOutReason

PAGE = "<!doctype html><html><head><title>Mills</title>{}</head><body><p>A mill.</p></body></html>"


def judge(head="", x_robots_tag="", tdm_reservation="", body=None, **settings):
    row = {
        "body": PAGE.format(head).encode() if body is None else body,
        "x_robots_tag": x_robots_tag,
        "tdm_reservation": tdm_reservation,
    }
    (verdict,) = OptOut(**settings).open()([row])
    return verdict


def declared(*args, **options):
    return judge(*args, **options).columns["opt_out"]


@pytest.mark.parametrize(
    ("head", "found"),
    [
        ('<meta name="robots" content="noai">', ["noai (meta robots)"]),
        ("<META CONTENT='NoAI, NoImageAI' NAME=Robots />", ["noai (meta robots)", "noimageai (meta robots)"]),
        ("<meta name=robots content=noindex>", ["noindex (meta robots)"]),
        ('<meta name="robots" content="none">', ["noindex (meta robots)"]),
        ('<meta\nname = "robots"\ncontent = " noindex ,nofollow">', ["noindex (meta robots)"]),
        ('<meta name="robots" content="no&#97;i">', ["noai (meta robots)"]),
        ('<meta name="tdm-reservation" content="1">', ["tdm_reserved (meta tdm-reservation)"]),
        ('<meta name="tdm-reservation" content="0">', None),
        ('<meta name="robots" content="index, follow, max-snippet:-1">', None),
        ('<meta name="googlebot" content="noindex">', None),
        ('<meta name="description" content="noai">', None),
        ('<meta property="robots" content="noai">', None),
        ('<!-- <meta name="robots" content="noai"> -->', None),
        ("<script>'<meta name=\"robots\" content=\"noai\">'</script>", None),
        ("<title><meta name=robots content=noai></title>", None),
        ("</head><body><meta name=robots content=noai>", None),
    ],
)  # fmt: skip
def test_meta_elements_declare_what_they_say(head, found):
    assert declared(head) == found


@pytest.mark.parametrize(
    ("value", "found"),
    [
        ("noai", ["noai"]),
        ("NOINDEX, NoArchive", ["noindex"]),
        ("otherbot: noai, noindex", []),
        ("otherbot: noai, robots: noindex", ["noindex"]),
        ("otherbot: nofollow\nnoai", ["noai"]),
        ("unavailable_after: 25 Jun 2010 15:00:00 PST, noai", ["noai"]),
        ("", []),
    ],
)
def test_a_header_declares_for_everyone_what_is_for_everyone(value, found):
    expected = [f"{reason} (header X-Robots-Tag)" for reason in found]
    assert (declared(x_robots_tag=value) or []) == expected


def test_what_is_said_to_a_robot_counts_if_the_configuration_names_it():
    named = {"agents": ("CCBot",)}
    meta = '<meta name="ccbot" content="noindex">'
    assert declared(meta, **named) == ["noindex (meta ccbot)"]
    assert declared(x_robots_tag="ccbot: noai", **named) == ["noai (header X-Robots-Tag)"]
    assert declared(meta, x_robots_tag="ccbot: noai") is None


def test_a_page_leaves_for_what_was_chosen_and_says_where_it_was_declared():
    verdict = judge('<meta name="robots" content="noindex">', tdm_reservation=" 1 ")
    assert (verdict.decision, verdict.reason) == (Decision.REMOVE, OptOutReason.TDM_RESERVED)
    assert verdict.detail == "tdm_reserved in header tdm-reservation"
    assert verdict.columns["opt_out"] == [
        "tdm_reserved (header tdm-reservation)",
        "noindex (meta robots)",
    ]
    by_choice = judge('<meta name="robots" content="noindex">', removes=(OptOutReason.NOINDEX,))
    assert by_choice.reason == "noindex"
    assert judge('<meta name="robots" content="noai">', removes=()).decision is Decision.KEEP


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-be", "gb18030"])
def test_the_encoding_of_a_page_does_not_matter(encoding):
    body = PAGE.format('<meta charset="x"><meta name="robots" content="noai">').encode(encoding)
    assert declared(body=body) == ["noai (meta robots)"]


def test_a_document_without_body_and_headers_declares_nothing():
    row = {"body": None, "x_robots_tag": None, "tdm_reservation": None}
    (verdict,) = OptOut().open()([row])
    assert verdict.columns == {"opt_out": None}


@pytest.mark.parametrize(
    "piece", ["<meta ", "<!--", "<script>", "<meta name='", '<meta a="', "</script", "<title", "<"]
)
def test_no_page_takes_long(piece):
    body = (piece * (1 << 20))[: 1 << 18].encode()
    start = time.process_time()
    judge(body=body)
    assert time.process_time() - start < 5


def test_headers_reach_the_stage_from_the_archive():
    from curation.sources.archive.pages import page_of_record
    from curation.sources.archive.records import Record

    block = (
        b"HTTP/1.1 200 OK\r\nX-Robots-Tag: otherbot: nofollow\r\nTDM-Reservation: 1\r\n"
        b"Content-Type: text/html\r\nx-robots-tag: noai\r\n\r\n<p>A mill."
    )
    header = {
        "warc-type": "response",
        "warc-target-uri": "http://a.example/",
        "content-type": "application/http; msgtype=response",
    }
    page = page_of_record(Record(0, header, block), "a.warc", 1 << 20)
    assert page.x_robots_tag == "otherbot: nofollow\nnoai"
    verdict = judge(
        body=page.body, x_robots_tag=page.x_robots_tag, tdm_reservation=page.tdm_reservation
    )
    assert verdict.columns["opt_out"] == [
        "noai (header X-Robots-Tag)",
        "tdm_reserved (header tdm-reservation)",
    ]
