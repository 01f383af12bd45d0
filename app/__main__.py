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


def main() -> int:
    """Start worker and app as children of this process; end both when either ends or when told to stop."""
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

    # A session of their own: Ctrl-C reaches this process alone, which then stops the children in order.
    server = ["uvicorn", "app.server:app", "--host", options.host, "--port", str(port), "--log-level", "warning"]
    children = [
        subprocess.Popen([sys.executable, "-m", *command], start_new_session=True)
        for command in (server, ["app.worker"])
    ]
    threading.Thread(target=announce, args=(port, stopping), daemon=True).start()
    while not stopping.wait(0.5) and all(child.poll() is None for child in children):
        pass
    ended = [child.returncode for child in children if child.poll() is not None]
    stopping.set()
    stop(children)
    return next((code for code in ended if code), 0)


if __name__ == "__main__":
    sys.exit(main())
