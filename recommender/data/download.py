"""Downloads of MovieLens from GroupLens: resumed where they broke off, checked, kept."""

from __future__ import annotations

import hashlib
import os
import re
from collections.abc import Callable
from pathlib import Path

import httpx

from recommender.errors import MarqueeError

Watch = Callable[[int, int], None]
"""Called as watch(bytes_done, bytes_total); total is 0 while unknown."""

ARCHIVES = ("ml-latest-small", "ml-100k", "ml-1m", "ml-10m", "ml-20m", "ml-25m", "ml-32m")
SERVER = "https://files.grouplens.org/datasets/movielens"
CHUNK_BYTES = 1 << 20
TIMEOUT_SECONDS = 20.0
MD5 = re.compile(r"\b[0-9a-f]{32}\b")
MOVING = frozenset({"ml-latest-small"})
"""Replaced in place from time to time, so without a checksum of its own."""


def cache_folder() -> Path:
    """Where archives are kept: `downloads` in MARQUEE_HOME, which is `var` unless set."""
    return Path(os.environ.get("MARQUEE_HOME", "var")) / "downloads"


def fetch(name: str, watch: Watch | None = None, *, server: str = SERVER, folder: Path | None = None) -> Path:
    """The zip of GroupLens data set `name`, downloaded unless it is here already.

    A download that broke off goes on where it stopped. What arrives is compared with the published MD5 before it gets its
    name, so a file under that name is whole. Raises MarqueeError without a network, when the checksum is wrong twice, or when
    the folder cannot be written.
    """
    folder = folder or cache_folder()
    target = folder / f"{name}.zip"
    if target.is_file():
        return target
    part = target.with_suffix(".part")
    url = f"{server}/{name}.zip"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with httpx.Client(timeout=TIMEOUT_SECONDS, follow_redirects=True) as client:
            expected = None if name in MOVING else _published_md5(client, url)
            if expected is None:  # what broke off may be of another edition, and nothing would tell
                part.unlink(missing_ok=True)
            for _ in range(2):
                _download(client, url, part, watch)
                if expected is None or _md5(part) == expected:
                    os.replace(part, target)
                    return target
                part.unlink()
    except httpx.HTTPError as error:
        raise MarqueeError(
            f"{name} could not be downloaded from {url} ({type(error).__name__}); check the network and try again "
            "(it goes on where it stopped), or give the path of a copy."
        ) from error
    except OSError as error:
        raise MarqueeError(
            f"The folder {folder} cannot be written ({error.strerror}); free space or choose another."
        ) from error
    raise MarqueeError(f"{name} arrived damaged twice: its MD5 is not the published {expected}; try again later.")


def _download(client: httpx.Client, url: str, part: Path, watch: Watch | None) -> None:
    have = part.stat().st_size if part.exists() else 0
    with client.stream("GET", url, headers={"Range": f"bytes={have}-"} if have else {}) as answer:
        if answer.status_code == httpx.codes.REQUESTED_RANGE_NOT_SATISFIABLE:
            return
        answer.raise_for_status()
        resumed = answer.status_code == httpx.codes.PARTIAL_CONTENT
        done = have if resumed else 0
        length = answer.headers.get("content-length")
        total = done + int(length) if length else 0
        with part.open("ab" if resumed else "wb") as file:
            for chunk in answer.iter_bytes(CHUNK_BYTES):
                file.write(chunk)
                done += len(chunk)
                if watch is not None:
                    watch(done, total)


def _published_md5(client: httpx.Client, url: str) -> str:
    answer = client.get(f"{url}.md5")
    answer.raise_for_status()
    if (found := MD5.search(answer.text)) is None:
        raise MarqueeError(f"{url}.md5 is no checksum, so {url} cannot be trusted; try again later.")
    return found[0]


def _md5(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "md5").hexdigest()
