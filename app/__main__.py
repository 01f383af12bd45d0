"""`python -m app`: the whole house with one command: database, worker, app, address, and a clean stop."""

from __future__ import annotations

import argparse
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from types import FrameType

import httpx

USER_ERROR = 2
"""The exit code of a child that has said in one sentence what a person can put right: starting it again would not."""
RESTARTS, WHILE_SECONDS = 5, 60.0
"""So often within such a while a worker that dies is started again."""
STOP_SECONDS = 10.0
"""How long a child may take to stop by itself after being asked to."""


def free_port(host: str, wanted: int) -> int:
    """The wanted port, or the next one that nobody listens on."""
    for port in range(wanted, min(wanted + 50, 65536)):
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind((host, port))
            except OSError:
                continue
            return port
    raise SystemExit(f"Ports {wanted} to {wanted + 49} are all taken; choose another with PORT=...")


def announce(port: int, stopping: threading.Event) -> None:
    """Print the address as soon as the app answers, so that nobody clicks too early."""
    while not stopping.wait(0.2):
        try:
            if httpx.get(f"http://127.0.0.1:{port}/health", timeout=1).is_success:
                break
        except httpx.HTTPError:
            continue
    else:
        return
    print(f"\n  Marquee is open at http://localhost:{port}   (Ctrl-C closes it)\n", flush=True)


def stop(children: list[subprocess.Popen[bytes]]) -> None:
    """Ask every child to end, wait, then insist."""
    for child in children:
        if child.poll() is None:
            child.terminate()
    deadline = time.monotonic() + STOP_SECONDS
    for child in children:
        try:
            child.wait(max(0.1, deadline - time.monotonic()))
        except subprocess.TimeoutExpired:
            child.kill()


class Child:
    """A program of the house, started again when it dies too soon."""

    def __init__(self, *command: str, restarts: int = 0) -> None:
        self.command, self.restarts = command, restarts
        self._died: list[float] = []
        self.start()

    def start(self) -> None:
        """In a session of its own: Ctrl-C reaches the house alone, which then stops the children in order."""
        self.process = subprocess.Popen([sys.executable, "-m", *self.command], start_new_session=True)

    def look(self) -> int | None:
        """None while it runs, or runs again; its exit code when it is over: user errors, and deaths beyond `restarts` in a while."""
        code = self.process.poll()
        if code is None or code == USER_ERROR:
            return code
        now = time.monotonic()
        self._died = [moment for moment in self._died if now - moment < WHILE_SECONDS] + [now]
        if len(self._died) > self.restarts:
            return code
        print(f"  {self.command[0]} ended (exit code {code}) and is started again.", file=sys.stderr, flush=True)
        self.start()
        return None


def main() -> int:
    """Start worker and app as children of this process; end both when the app ends or when told to stop."""
    parser = argparse.ArgumentParser(prog="python -m app", description="Open Marquee: app and worker.")
    parser.add_argument("--host", default="0.0.0.0", help="address to listen on (default: all)")
    parser.add_argument("--port", type=int, default=8501, help="first port to try (default: 8501)")
    parser.add_argument("--data", help="data set: embedded, a GroupLens name, a folder, a zip or a file")
    options = parser.parse_args()
    if options.data:
        os.environ["MARQUEE_DATA"] = options.data
    port = free_port(options.host, options.port)

    stopping = threading.Event()

    def ask_to_stop(signum: int, frame: FrameType | None) -> None:
        stopping.set()

    signal.signal(signal.SIGINT, ask_to_stop)
    signal.signal(signal.SIGTERM, ask_to_stop)

    server = Child(
        "uvicorn",
        "app.server:app",
        "--host",
        options.host,
        "--port",
        str(port),
        "--log-level",
        "warning",
        "--no-access-log",
    )
    worker = Child("app.worker", restarts=RESTARTS)
    threading.Thread(target=announce, args=(port, stopping), daemon=True).start()
    code: int | None = None
    resting = False
    while not stopping.wait(0.5) and (code := server.look()) is None:
        if not resting and worker.look() is not None:
            resting = True
            print("  Nothing is trained until Marquee is started again.", file=sys.stderr, flush=True)
    stopping.set()
    stop([server.process, worker.process])
    return code or 0


if __name__ == "__main__":
    sys.exit(main())
