"""A PostgreSQL server of the tests' own: made anew, on a free port of this machine, with passwords asked for."""

import os
import shutil
import socket
import subprocess
import tempfile
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

PASSWORD = "s3cret/pass@word:%41"


@dataclass(frozen=True)
class Server:
    """The server's port, and the environment in which its address can be read."""

    port: int
    environment: dict

    def address(self, database="postgres"):
        """The address as a params file holds it."""
        return f"postgresql://${{NB_USER}}:${{NB_PASSWORD}}@127.0.0.1:{self.port}/{database}"

    def execute(self, *statements):
        """Run statements that write, one after the other."""
        import psycopg

        given = {"host": "127.0.0.1", "port": self.port, "user": "tester", "password": PASSWORD}
        with psycopg.connect(dbname="postgres", autocommit=True, **given) as connection:
            for statement in statements:
                connection.execute(statement)


@contextmanager
def postgresql_server():
    """Start the server and give it; without its programs the test is skipped, and fails where CI is set."""
    programs = _programs()
    if programs is None:
        reason = "no PostgreSQL: install Debian's package postgresql"
        if os.environ.get("CI") == "true":
            pytest.fail(reason)
        pytest.skip(reason)
    folder = Path(tempfile.mkdtemp(prefix="nb-pg-"))
    data = folder / "data"
    try:
        as_user = _unprivileged(folder)
        (folder / "password").write_text(PASSWORD)
        made = ["initdb", "-D", data, "-U", "tester", f"--pwfile={folder / 'password'}",
                "--auth=scram-sha-256", "--no-sync", "--locale=C", "--encoding=UTF8"]  # fmt: skip
        _call(programs, made, as_user)
        port = _free_port()
        options = f"-p {port} -k {folder} -c listen_addresses=127.0.0.1 -c fsync=off"
        _call(programs, ["pg_ctl", "-D", data, "-w", "-l", folder / "log", "-o", options, "start"], as_user)
        try:
            yield Server(port, {"NB_USER": "tester", "NB_PASSWORD": PASSWORD})
        finally:
            _call(programs, ["pg_ctl", "-D", data, "-w", "-m", "immediate", "stop"], as_user)
    finally:
        shutil.rmtree(folder)


def _programs():
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: int(path.parts[-3]))
    on_path = shutil.which("initdb")
    return found[-1].parent if found else Path(on_path).parent if on_path else None


def _unprivileged(folder):
    """Return what lets a process run as somebody else than root, which PostgreSQL refuses to run as."""
    if os.geteuid() != 0:
        return {}
    shutil.chown(folder, "postgres", "postgres")
    return {"user": "postgres", "group": "postgres", "extra_groups": []}


def _call(programs, command, as_user):
    # Into a file: the server would hold a pipe open for as long as it runs.
    with tempfile.TemporaryFile("w+") as said:
        name, *arguments = map(str, command)
        done = subprocess.run(
            [str(programs / name), *arguments], stdout=said, stderr=said, cwd="/", check=False, **as_user
        )
        said.seek(0)
        assert done.returncode == 0, said.read()


def _free_port():
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return free.getsockname()[1]
