"""A real PostgreSQL server, thrown away after the tests."""

from __future__ import annotations

import os
import pwd
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

NOBODY = "postgres"
"""PostgreSQL refuses to run as root; this user comes with its Debian package."""


def program(name: str) -> str:
    """Full path of a server program. Raises FileNotFoundError with what to install."""
    for found in [shutil.which(name), *sorted(Path("/usr/lib/postgresql").glob(f"*/bin/{name}"), reverse=True)]:
        if found:
            return str(found)
    raise FileNotFoundError("The database tests need PostgreSQL: install it (Debian: apt-get install postgresql).")


@contextmanager
def server() -> Iterator[str]:
    """Start a server that only a socket of its own reaches; yields "postgresql+psycopg://...{database}"."""
    with TemporaryDirectory(prefix="marquee-pg-") as folder:
        user = NOBODY if os.getuid() == 0 else pwd.getpwuid(os.getuid()).pw_name
        if os.getuid() == 0:
            shutil.chown(folder, NOBODY, NOBODY)
        data, log = Path(folder) / "data", Path(folder) / "log"

        def run(*command: str) -> None:
            subprocess.run(
                command, check=True, user=user if os.getuid() == 0 else None, cwd=folder, capture_output=True
            )

        run(program("initdb"), "-D", str(data), "-U", "marquee", "--auth=trust", "--no-sync", "-E", "UTF8")
        options = f"-c listen_addresses='' -k {folder} -c fsync=off -c max_connections=200"
        run(program("pg_ctl"), "-D", str(data), "-l", str(log), "-o", options, "-w", "start")
        try:
            yield f"postgresql+psycopg://marquee@/{{database}}?host={folder}"
        finally:
            run(program("pg_ctl"), "-D", str(data), "-m", "immediate", "-w", "stop")
