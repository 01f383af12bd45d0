"""Downloads against a server of our own: resumed, checked, kept, and one sentence when they cannot be had."""

from __future__ import annotations

import hashlib
import re
import socket
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from recommender.data.download import CHUNK_BYTES, fetch
from recommender.errors import MarqueeError

CONTENT = bytes(range(256)) * 10_000
MD5 = hashlib.md5(CONTENT).hexdigest()


@dataclass
class Server:
    """What is served, how, and what was asked."""

    address: str = ""
    content: bytes = CONTENT
    checksum: str = f"{MD5}  ml-1m.zip"
    ranges: bool = True
    breaks_off_at: int | None = None
    asked: list[tuple[str, str | None]] = field(default_factory=list)


@pytest.fixture
def server() -> Iterator[Server]:
    """An HTTP server on a free port, with ranges."""
    state = Server()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            wanted = self.headers.get("Range")
            state.asked.append((self.path, wanted))
            if self.path.endswith(".md5"):
                self.reply(200, state.checksum.encode())
            elif not self.path.endswith("ml-1m.zip") and not self.path.endswith("ml-latest-small.zip"):
                self.reply(404, b"no such file")
            elif wanted and state.ranges:
                begin = int(re.fullmatch(r"bytes=(\d+)-", wanted)[1])
                rest = state.content[begin:]
                self.reply(206 if rest else 416, rest)
            else:
                self.reply(200, state.content)

        def reply(self, status: int, body: bytes) -> None:
            self.send_response(status)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            if state.breaks_off_at is not None and len(body) > state.breaks_off_at:
                body = body[: state.breaks_off_at]
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            """Quiet."""

    http = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=http.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    state.address = f"http://127.0.0.1:{http.server_address[1]}"
    yield state
    http.shutdown()
    http.server_close()
    thread.join()


def test_fetched_checked_kept(server: Server, tmp_path: Path) -> None:
    seen: list[tuple[int, int]] = []
    path = fetch("ml-1m", lambda done, total: seen.append((done, total)), server=server.address, folder=tmp_path)
    assert path == tmp_path / "ml-1m.zip"
    assert path.read_bytes() == CONTENT
    assert seen[-1] == (len(CONTENT), len(CONTENT))
    assert [done for done, _ in seen] == sorted(done for done, _ in seen)
    asked = len(server.asked)
    assert fetch("ml-1m", server=server.address, folder=tmp_path) == path
    assert len(server.asked) == asked, "what is here is not asked for again"
    assert [file.name for file in tmp_path.iterdir()] == ["ml-1m.zip"]


def test_it_goes_on_where_it_broke_off(server: Server, tmp_path: Path) -> None:
    server.breaks_off_at = CHUNK_BYTES + 17
    with pytest.raises(MarqueeError, match="it goes on where it stopped"):
        fetch("ml-1m", server=server.address, folder=tmp_path)
    have = (tmp_path / "ml-1m.part").stat().st_size
    assert 0 < have < len(CONTENT)
    assert not (tmp_path / "ml-1m.zip").exists()

    server.breaks_off_at = None
    seen: list[tuple[int, int]] = []
    path = fetch("ml-1m", lambda *progress: seen.append(progress), server=server.address, folder=tmp_path)
    assert path.read_bytes() == CONTENT
    assert server.asked[-1] == ("/ml-1m.zip", f"bytes={have}-")
    assert seen[0][0] > have
    assert seen[-1] == (len(CONTENT), len(CONTENT))


def test_a_server_without_ranges_starts_over(server: Server, tmp_path: Path) -> None:
    (tmp_path / "ml-1m.part").write_bytes(b"old")
    server.ranges = False
    assert fetch("ml-1m", server=server.address, folder=tmp_path).read_bytes() == CONTENT


def test_a_whole_part_is_not_fetched_again(server: Server, tmp_path: Path) -> None:
    (tmp_path / "ml-1m.part").write_bytes(CONTENT)
    assert fetch("ml-1m", server=server.address, folder=tmp_path).read_bytes() == CONTENT


def test_a_damaged_part_is_fetched_anew(server: Server, tmp_path: Path) -> None:
    (tmp_path / "ml-1m.part").write_bytes(b"damaged" * 100)
    assert fetch("ml-1m", server=server.address, folder=tmp_path).read_bytes() == CONTENT
    assert server.asked[-1] == ("/ml-1m.zip", None)


def test_the_wrong_checksum_twice_is_one_sentence(server: Server, tmp_path: Path) -> None:
    server.content = CONTENT[:-1] + b"?"
    with pytest.raises(MarqueeError, match=f"arrived damaged twice: its MD5 is not the published {MD5}"):
        fetch("ml-1m", server=server.address, folder=tmp_path)
    assert sum(path == "/ml-1m.zip" for path, _ in server.asked) == 2
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("line", [f"MD5 (ml-1m.zip) = {MD5}", MD5, f"{MD5} *ml-1m.zip\n"])
def test_checksums_are_published_in_several_forms(server: Server, tmp_path: Path, line: str) -> None:
    server.checksum = line
    assert fetch("ml-1m", server=server.address, folder=tmp_path).is_file()


def test_a_checksum_that_is_none_is_one_sentence(server: Server, tmp_path: Path) -> None:
    server.checksum = "<html>Please log in</html>"
    with pytest.raises(MarqueeError, match=r"ml-1m\.zip\.md5 is no checksum"):
        fetch("ml-1m", server=server.address, folder=tmp_path)


def test_the_moving_edition_has_no_checksum(server: Server, tmp_path: Path) -> None:
    server.checksum = "0" * 32
    (tmp_path / "ml-latest-small.part").write_bytes(b"of the edition before")
    assert fetch("ml-latest-small", server=server.address, folder=tmp_path).read_bytes() == CONTENT


def test_not_found_is_one_sentence(server: Server, tmp_path: Path) -> None:
    with pytest.raises(MarqueeError, match=r"^ml-32m could not be downloaded from http"):
        fetch("ml-32m", server=server.address, folder=tmp_path)


def test_no_network_is_one_sentence(tmp_path: Path) -> None:
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        nobody = f"http://127.0.0.1:{closed.getsockname()[1]}"
        with pytest.raises(MarqueeError, match="check the network and try again") as caught:
            fetch("ml-1m", server=nobody, folder=tmp_path)
    assert "\n" not in str(caught.value)


def test_a_folder_that_cannot_be_written_is_one_sentence(server: Server, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(MarqueeError, match="cannot be written"):
        fetch("ml-1m", server=server.address, folder=tmp_path / "file" / "downloads")
