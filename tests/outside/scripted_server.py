"""An OpenAI-compatible endpoint over real HTTP that says what the script says, and misbehaves where told."""

from __future__ import annotations

import contextlib
import gzip
import json
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Self

JSON = "application/json"


@dataclass(frozen=True)
class Asked:
    """One request as it came in."""

    path: str
    body: dict[str, Any]
    headers: dict[str, str]

    @property
    def is_probe(self) -> bool:
        return "Are you ready?" in json.dumps(self.body)

    @property
    def form(self) -> str:
        """Which form the answer was asked in: responses, json_schema, json_object or plain."""
        if self.path.endswith("/responses"):
            return "responses"
        kind: str = self.body.get("response_format", {}).get("type", "plain")
        return kind


@dataclass(frozen=True)
class Said:
    """One answer. `drip_seconds` puts a pause between bytes, `hangs` never answers, `breaks` closes half-way."""

    data: bytes = b""
    status: int = 200
    kind: str = JSON
    headers: dict[str, str] = field(default_factory=dict)
    drip_seconds: float = 0.0
    hangs: bool = False
    breaks: bool = False


Script = Callable[[Asked], Said]


def text(asked: Asked, content: Any, **more: Any) -> Said:
    """The content in the envelope that the path asks for. `finish`: length, content_filter; `refusal`: a text."""
    finish, refusal = more.pop("finish", "stop"), more.pop("refusal", None)
    content = content if isinstance(content, str) else json.dumps(content)
    if asked.form == "responses":
        parts = [{"type": "refusal", "refusal": refusal}] if refusal else [{"type": "output_text", "text": content}]
        envelope = {
            "id": "resp_1",
            "object": "response",
            "model": "scripted",
            "status": "completed" if finish == "stop" else "incomplete",
            "output": [
                {"type": "reasoning", "summary": []},
                {"type": "message", "role": "assistant", "content": parts},
            ],
            "usage": {"input_tokens": 11, "output_tokens": 7},
        }
    else:
        message = {"role": "assistant", "content": None if refusal else content, "refusal": refusal}
        envelope = {
            "id": "chat_1",
            "object": "chat.completion",
            "model": "scripted",
            "choices": [{"index": 0, "message": message, "finish_reason": finish}],
            "usage": {"prompt_tokens": 11, "completion_tokens": 7},
        }
    return Said(json.dumps(envelope).encode(), **more)


def error(status: int, **headers: str) -> Said:
    body = json.dumps({"error": {"message": "no", "type": "scripted", "code": str(status)}}).encode()
    return Said(body, status=status, headers={name.replace("_", "-"): value for name, value in headers.items()})


def zipped(data: bytes) -> Said:
    return Said(gzip.compress(data), headers={"Content-Encoding": "gzip"})


def ready_and(script: Script) -> Script:
    """Passes every probe, then follows the script."""
    return lambda asked: text(asked, {"is_ready": True}) if asked.is_probe else script(asked)


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self, script: Script) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.script = script
        self.asked: list[Asked] = []
        self.is_over = threading.Event()


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: _Server

    def do_POST(self) -> None:
        data = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        asked = Asked(self.path, json.loads(data), {k.lower(): v for k, v in self.headers.items()})
        self.server.asked.append(asked)
        said = self.server.script(asked)
        if said.hangs:
            self.server.is_over.wait(60)
        if said.hangs or said.breaks:
            self.close_connection = True
        if not said.hangs:
            with contextlib.suppress(OSError):  # the client had enough
                self._say(said)

    def _say(self, said: Said) -> None:
        self.send_response(said.status)
        self.send_header("Content-Type", said.kind)
        self.send_header("Content-Length", str(len(said.data) + (1_000 if said.breaks else 0)))
        for name, value in said.headers.items():
            self.send_header(name, value)
        self.end_headers()
        if not said.drip_seconds:
            self.wfile.write(said.data)
            return
        for byte in said.data:
            self.wfile.write(bytes([byte]))
            if self.server.is_over.wait(said.drip_seconds):
                self.close_connection = True
                return

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - the library's name
        """Keeps the test's output clean."""


class ScriptedServer:
    """`with ScriptedServer(script) as server:` answers at `server.url`; `server.asked` is what came in."""

    def __init__(self, script: Script) -> None:
        self._server = _Server(script)
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.01,), daemon=True)

    @property
    def asked(self) -> list[Asked]:
        return self._server.asked

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._server.server_address[1]}/v1"

    @property
    def questions(self) -> list[Asked]:
        """What came in, probes left out."""
        return [asked for asked in self.asked if not asked.is_probe]

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.is_over.set()
        self._server.shutdown()
        self._server.server_close()
        self._thread.join(timeout=5)
