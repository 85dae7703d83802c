"""Documents with every column that a stage may read, for tests that go over all stages."""

from __future__ import annotations

from schemas.document import crawl_position
from schemas.page import doc_id

ENGLISH = (
    "The river rises in the hills north of the old town and runs for ninety miles to the sea. "
    "Farmers have used its water since the twelfth century, and the first mill was built there "
    "by monks who needed flour for the abbey. When the railway came, the mills closed one after "
    "the other, because steam was cheaper than water and the new line carried grain to the port."
)
CHINESE = (
    "这条河发源于老城以北的山地，蜿蜒九十多公里后流入大海。早在十二世纪，沿岸的农民就开始引水灌溉，"
    "修道院的僧侣在河边建起了第一座水磨。铁路通车以后，蒸汽机比水力更便宜，新线路又能把粮食直接运到港口，"
    "于是磨坊一座接一座地关闭了。今天，人们沿着旧水渠修了步道，游客可以从磨坊遗址一直走到入海口。"
)
TEXTS = {
    "english": "\n".join([ENGLISH, ENGLISH.replace("river", "stream").replace("mill", "forge")]),
    "chinese": "\n".join([CHINESE, CHINESE.replace("河", "江").replace("磨坊", "作坊")]),
    "english again": "\n".join(
        [ENGLISH, ENGLISH.replace("river", "stream").replace("mill", "forge")]
    ),
    "mixed": f"{CHINESE}\n{ENGLISH}",
    "short": "Home | About | Contact",
    "one word": "河",
    "marks only": "…… !!! —— ???\n***",
    "empty": "",
    "blank": " \n\t\n ",
    "repeated": "買一送一，立即點擊！\n" * 80,
    "long": (ENGLISH + "\n") * 60,
}


def document(name: str, number: int, text: str) -> dict[str, object]:
    """One document as it stands before the last stage; ``number`` is its place in the crawl."""
    paragraphs = "".join(f"<p>{line}</p>" for line in text.split("\n"))
    return {
        "doc_id": doc_id(name),
        "url": f"http://www.site-{number % 3}.example/{name.replace(' ', '-')}.html",
        "date": "2024-05-01T00:00:00Z",
        "batch": "test",
        "source": "crawl.warc.gz",
        "offset": number,
        "position": crawl_position(number // 4, number),
        "status": 200,
        "content_type": "text/html",
        "http_charset": "utf-8",
        "x_robots_tag": "",
        "tdm_reservation": "",
        "body": f"<html><title>{name}</title><body>{paragraphs}</body></html>".encode(),
        "title": name,
        "text": text,
        "charset": "utf-8",
        "site": f"site-{number % 3}.example",
        "markup": None,
        "language": "zh" if "河" in text or "買" in text else "en",
        "language_score": 0.99,
        "measures": None,
        "page_type": "article",
        "page_type_score": 0.9,
        "clutter_score": 0.9,
        "quality": (number % 5) / 5,
        "category": "history",
        "category_score": 0.8,
    }


def documents() -> list[dict[str, object]]:
    """A fresh copy of them all, in crawl order."""
    return [document(name, number, text) for number, (name, text) in enumerate(TEXTS.items())]
