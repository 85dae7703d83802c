"""A hub on this machine: it holds the files of one data set, and can be told to refuse."""

import base64
import hashlib
import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


class StubHub:
    """``files`` are what was committed, ``objects`` what was uploaded by its SHA-256.

    ``refusals`` maps a part of a path to the status that is answered.
    """

    def __init__(self):
        self.files, self.objects, self.refusals = {}, {}, {}
        self.uploads, self.tokens = [], set()
        hub = self

        class Handler(BaseHTTPRequestHandler):
            def log_message(self, *_):
                pass

            def answer(self, value, status=200):
                body = json.dumps(value).encode()
                self.send_response(status)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def handle_one(self):
                body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
                hub.tokens.add((self.headers.get("Authorization") or "").removeprefix("Bearer "))
                status = next((s for part, s in hub.refusals.items() if part in self.path), None)
                if status:
                    said = f"no, {self.headers.get('Authorization')} will not do"
                    return self.answer({"error": said}, status)
                return self.answer(hub.reply(self.path, body))

            do_GET = do_POST = do_PUT = handle_one  # noqa: N815

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.endpoint = f"http://127.0.0.1:{self.server.server_port}"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def close(self):
        self.server.shutdown()
        self.server.server_close()

    def reply(self, path, body):
        if path.startswith("/store/"):
            oid = path.removeprefix("/store/")
            assert hashlib.sha256(body).hexdigest() == oid
            self.objects[oid] = body
            self.uploads.append(oid)
            return {}
        if "/tree/" in path:
            return [self.described(name, oid) for name, oid in self.files.items()]
        if "/commit/" in path:
            return self.commit([json.loads(line) for line in body.splitlines()])
        given = json.loads(body or b"{}")
        if path.endswith("/repos/create"):
            return {"url": f"{self.endpoint}/datasets/{given['organization']}/{given['name']}"}
        if "/preupload/" in path:
            modes = [(f["path"], "regular" if f["size"] == 0 else "lfs") for f in given["files"]]
            return {
                "files": [{"path": p, "uploadMode": m, "shouldIgnore": False} for p, m in modes]
            }
        if path.endswith("/objects/batch"):
            return {"transfer": "basic", "objects": [self.action(o) for o in given["objects"]]}
        return {}

    def action(self, wanted):
        if wanted["oid"] in self.objects:
            return wanted
        return {**wanted, "actions": {"upload": {"href": f"{self.endpoint}/store/{wanted['oid']}"}}}

    def described(self, name, oid):
        size = len(self.objects[oid])
        lfs = {"oid": oid, "size": size, "pointerSize": 130}
        return {"type": "file", "oid": "0" * 40, "size": size, "path": name, "lfs": lfs}

    def commit(self, operations):
        for one in operations:
            value = one["value"]
            if one["key"] == "lfsFile":
                self.files[value["path"]] = value["oid"]
            elif one["key"] == "file":
                data = base64.b64decode(value["content"])
                oid = hashlib.sha256(data).hexdigest()
                self.objects[oid], self.files[value["path"]] = data, oid
            elif one["key"] == "deletedFile":
                del self.files[value["path"]]
        return {"commitUrl": f"{self.endpoint}/datasets/me/tea/commit/1", "commitOid": "1" * 40}
