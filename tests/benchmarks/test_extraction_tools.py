import sys

from benchmarks import extraction_tools
from benchmarks.extraction_tools import DEPENDENCIES, open_peers

PEER = """
import json, sys
print(json.dumps(["echo"]), flush=True)
for line in sys.stdin:
    asked = json.loads(line)
    print(json.dumps({"text": asked["body"] + asked["url"], "confidence": 0.5, "seconds": 0.1}),
        flush=True)
"""


def test_a_peer_in_its_own_process_answers_page_by_page(tmp_path, monkeypatch):
    script = tmp_path / "peer.py"
    script.write_text(PEER)
    monkeypatch.setattr(extraction_tools, "PEER_SCRIPT", script)
    with open_peers(sys.executable) as peers:
        assert list(peers) == [*DEPENDENCIES, "echo"]
        answers = [peers["echo"](body, "u") for body in (b"a", b"b")]
    assert [answer.text for answer in answers] == ["YQ==u", "Yg==u"]
    assert answers[0].confidence == 0.5


def test_without_a_peers_python_only_the_dependencies_are_asked():
    with open_peers(None) as peers:
        assert list(peers) == list(DEPENDENCIES)


def test_the_dependencies_find_the_text_of_a_plain_page():
    text = "The mill was built by monks who needed flour for the abbey near the old town. "
    body = f"<html><body><article><p>{text * 5}</p></article></body></html>".encode()
    for tool in DEPENDENCIES.values():
        answer = tool(body, "http://a.example/")
        assert text.strip() in answer.text
        assert answer.confidence is None
        assert answer.seconds >= 0
