"""`leeway serve`, `work` and `demo`: the server, its worker as a child, and their end."""

from __future__ import annotations

import contextlib
import os
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from importlib import import_module
from pathlib import Path

import structlog
import uvicorn

from agents.runner import Runner
from agents.thinkers import THINKERS
from api.app import LOCAL_HOSTS, create_app
from settings import Settings
from store import embedded
from store.errors import Unavailable
from store.ground import Ground, open_ground
from terminal.modelling import model_for, rewording_for
from terminal.showing import console, log_to_stderr
from web.app import mount
from web.options import ConsoleOptions

HOST = "127.0.0.1"
IDLE_SECONDS = 0.02
CATCH_UP_SECONDS = 5.0
RETRY_SECONDS = 0.5
WORDS_SECONDS = 1.0

log = structlog.get_logger()


@contextmanager
def ground_of(settings: Settings) -> Iterator[Ground]:
    """The ground floor that the settings name."""
    store = settings.store
    with open_ground(
        store.database_url, store.data_path, owner_url=store.owner_url, sealer_url=store.sealer_url
    ) as ground:
        yield ground


def work(settings: Settings, *, is_child: bool = False) -> None:
    """Seals, folds and thinks until told to stop. A child also stops when its parent is gone."""
    log_to_stderr()
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    if is_child:
        threading.Thread(target=_stop_at_end_of_input, args=(stop,), daemon=True).start()
    # LangGraph takes a second to import: before the first finding, not after it.
    threading.Thread(target=import_module, args=("agents.resource.graph",), daemon=True).start()
    with ground_of(settings) as ground:
        threading.Thread(target=_word_until, args=(stop, settings, ground), daemon=True).start()
        runner = Runner(ground, THINKERS, reader=model_for("extraction", settings.model, ground.clock))
        _work_until(stop, runner, _reviver(settings))


def _stop_at_end_of_input(stop: threading.Event) -> None:
    # The parent holds the other end: when it dies, however it dies, the input ends.
    while os.read(0, 1024):
        pass
    stop.set()


def _work_until(stop: threading.Event, runner: Runner, revive: Callable[[], None]) -> None:
    idle_seconds = CATCH_UP_SECONDS
    while not stop.is_set():
        try:
            if idle_seconds >= CATCH_UP_SECONDS:
                runner.catch_up()
                idle_seconds = 0.0
            is_busy = runner.settle_pending() + runner.think() > 0
        except Unavailable as error:
            log.warning("waiting_for_database", why=str(error))
            revive()
            is_busy = not stop.wait(RETRY_SECONDS) and False
        if not is_busy:
            stop.wait(IDLE_SECONDS)
            idle_seconds += IDLE_SECONDS


def _word_until(stop: threading.Event, settings: Settings, ground: Ground) -> None:
    """Words for alerts beside the assessing, which never waits for them; with no model it ends at once."""
    rewording = rewording_for(settings.model, ground)
    while rewording and not stop.is_set():
        try:
            is_busy = rewording.step() > 0
        except Exception as error:  # noqa: BLE001 - whatever happens to words, the alerts stand
            log.warning("words_wait", why=str(error))
            is_busy = False
        if not is_busy:
            stop.wait(WORDS_SECONDS)


def _reviver(settings: Settings) -> Callable[[], None]:
    """Starts an embedded database that died; a foreign one is waited for."""

    def revive() -> None:
        if settings.store.database_url is None:
            with contextlib.suppress(Unavailable):
                embedded.start(settings.store.data_path).leave()

    return revive


class Worker:
    """The worker as a child process, started again when it dies."""

    def __init__(self) -> None:
        self._stop = threading.Event()
        self._process = self._start()
        self._watch = threading.Thread(target=self._keep, daemon=True)
        self._watch.start()

    @property
    def pid(self) -> int:
        """The child's process id."""
        return self._process.pid

    def stop(self) -> None:
        """Ends the child and waits for it."""
        self._stop.set()
        self._process.terminate()
        try:
            self._process.wait(timeout=10)
        except subprocess.TimeoutExpired:
            self._process.kill()

    def _start(self) -> subprocess.Popen[bytes]:
        # In a group of its own: Ctrl-C reaches the server, which then ends its child in order.
        return subprocess.Popen(
            [sys.executable, "-m", "leeway", "work", "--child"], stdin=subprocess.PIPE, start_new_session=True
        )

    def _keep(self) -> None:
        while not self._stop.wait(1.0):
            if self._process.poll() is not None and not self._stop.is_set():
                log.warning("worker_died", exit=self._process.returncode)
                self._process = self._start()


def serve(
    settings: Settings, *, open_tenant: str | None = None, ready: Callable[[Ground, str], None] | None = None
) -> None:
    """Serves API and pages with a worker as child. `ready` is called once requests are answered.

    With an open tenant it is a demo on somebody's terminal: no line per request there.
    """
    log_to_stderr("warning" if open_tenant else "info")
    _refuse_taken_port(settings.serve.port)
    address = f"http://{HOST}:{settings.serve.port}"
    with ground_of(settings) as ground:
        app = create_app(ground, hosts=(*LOCAL_HOSTS, *settings.serve.hosts))
        mount(app, ground, ConsoleOptions(open_tenant_slug=open_tenant))
        config = uvicorn.Config(
            app, host=HOST, port=settings.serve.port, log_level="warning", timeout_graceful_shutdown=2
        )
        server = uvicorn.Server(config)
        threading.Thread(target=_call_when_started, args=(server, ready or _say_ready, ground, address)).start()
        worker = Worker()
        try:
            server.run()
        finally:
            worker.stop()


def _call_when_started(
    server: uvicorn.Server, ready: Callable[[Ground, str], None], ground: Ground, address: str
) -> None:
    pause = threading.Event()
    while not server.started and not server.should_exit:
        pause.wait(0.02)
    if server.started:
        ready(ground, address)


def _say_ready(_ground: Ground, address: str) -> None:
    console.print(f"Leeway answers at {address} (Ctrl-C ends it). Make a key with: leeway key")


def _refuse_taken_port(port: int) -> None:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except OSError as error:
            raise Unavailable(
                "port_taken",
                f"Port {port} of {HOST} is taken or not allowed.",
                remedy="Choose another: LEEWAY_PORT=8001 leeway serve",
            ) from error


def checkout() -> Path:
    """The folder that this program was installed from: where its samples lie."""
    return Path(__file__).resolve().parent.parent
