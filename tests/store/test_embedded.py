"""The PostgreSQL that Leeway starts itself."""

import os
import signal
import stat
import subprocess
import sys
import time
from pathlib import Path

import psycopg
import pytest

from store import embedded
from store.embedded import Server
from store.errors import Refused, Unavailable
from store.ids import tenant_id_of
from store.log_sql import SqlLog
from store.migrations import current, migrate, newest


def postmaster(server: Server) -> int:
    return int((server.data_path / "postgres" / "postmaster.pid").read_text().splitlines()[0])


def is_alive(server: Server) -> bool:
    try:
        psycopg.connect(server.owner_url).close()
    except psycopg.OperationalError:
        return False
    return True


def test_the_last_user_stops_it(tmp_path: Path) -> None:
    first = embedded.start(tmp_path / "data")
    second = embedded.start(tmp_path / "data")
    assert (first.is_started_here, second.is_started_here) == (True, False)
    assert first.release() is False
    assert is_alive(second)
    assert second.release() is True
    assert not is_alive(second)


def test_a_killed_user_does_not_keep_it_running(tmp_path: Path) -> None:
    code = "import sys, time; from pathlib import Path; from store import embedded\n"
    code += "embedded.start(Path(sys.argv[1])); print('up', flush=True); time.sleep(60)"
    with subprocess.Popen([sys.executable, "-c", code, str(tmp_path / "data")], stdout=subprocess.PIPE) as user:
        assert user.stdout is not None
        assert user.stdout.readline() == b"up\n"
        server = embedded.start(tmp_path / "data")
        assert not server.is_started_here
        user.send_signal(signal.SIGKILL)
    assert server.release() is True


def test_it_listens_on_a_private_socket_only(durable_server: Server) -> None:
    mode = stat.S_IMODE(durable_server.socket_path.stat().st_mode)
    assert mode == 0o700
    assert stat.S_IMODE((durable_server.data_path / "passwords.json").stat().st_mode) == 0o600
    with psycopg.connect(durable_server.app_url) as connection:
        assert connection.execute("select current_setting('listen_addresses'), current_user").fetchone() == (
            "",
            "leeway_app",
        )
        locale = connection.execute(
            "select datlocprovider, datlocale from pg_database where datname = 'leeway'"
        ).fetchone()
        assert locale == ("b", "C.UTF-8")


def test_a_wrong_password_is_refused(durable_server: Server) -> None:
    with pytest.raises(psycopg.OperationalError, match="password"):
        psycopg.connect(durable_server.app_url.replace(durable_server.passwords["leeway_app"], "wrong"))


def test_a_long_or_odd_path_still_gets_a_socket(tmp_path: Path) -> None:
    odd = tmp_path / ("a folder with 'quotes' and $signs " + "x" * 80)
    with embedded.start(odd) as server:
        assert is_alive(server)
        assert len(str(server.socket_path)) < 90


@pytest.mark.crash
def test_it_comes_back_after_a_kill(tmp_path: Path) -> None:
    server = embedded.start(tmp_path / "data")
    os.kill(postmaster(server), signal.SIGKILL)
    again = embedded.start(tmp_path / "data")
    assert again.is_started_here
    assert is_alive(again)
    server.leave()
    assert again.release() is True


def test_a_pid_that_belongs_to_another_program_is_no_server(tmp_path: Path) -> None:
    embedded.start(tmp_path / "data").release()
    stale = tmp_path / "data" / "postgres" / "postmaster.pid"
    stale.write_text(f"{os.getpid()}\n{tmp_path}\n{int(time.monotonic())}\n5432\n\n\n\n", encoding="utf-8")
    with embedded.start(tmp_path / "data") as server:
        assert is_alive(server)


def test_lost_passwords_are_said(tmp_path: Path) -> None:
    embedded.start(tmp_path / "data").release()
    (tmp_path / "data" / "passwords.json").unlink()
    with pytest.raises(Unavailable, match="nobody can log in"):
        embedded.start(tmp_path / "data")


def test_a_folder_that_cannot_be_used_is_said(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(Unavailable, match="cannot be used"):
        embedded.start(tmp_path / "file")


def test_unsafe_settings_are_refused(server: Server) -> None:
    with pytest.raises(Refused, match="fsync and full_page_writes and synchronous_commit"):
        embedded.start(server.data_path)
    log = SqlLog(server.app_url, sealer_url=server.sealer_url)
    with pytest.raises(Refused, match="can lose acknowledged facts"):
        log.head(tenant_id_of("any"))
    log.close()


def test_a_role_that_commits_lazily_is_refused(tmp_path: Path) -> None:
    with embedded.start(tmp_path / "data") as server:
        migrate(server.owner_url)
        with psycopg.connect(server.owner_url) as connection:
            connection.execute("alter role leeway_app set synchronous_commit = off")
        log = SqlLog(server.app_url, sealer_url=server.sealer_url)
        with pytest.raises(Refused, match="synchronous_commit"):
            log.head(tenant_id_of("any"))
        log.close()


def test_migrating_twice_changes_nothing(durable_server: Server) -> None:
    assert migrate(durable_server.owner_url) == []
    assert current(durable_server.owner_url) == newest()


def test_a_newer_database_is_left_alone(tmp_path: Path) -> None:
    with embedded.start(tmp_path / "data", is_durable=False) as server:
        with psycopg.connect(server.owner_url) as connection:
            connection.execute("create table alembic_version (version_num text)")
            connection.execute("insert into alembic_version values ('9999')")
        with pytest.raises(Unavailable, match="9999"):
            migrate(server.owner_url)


def test_an_ordinary_owner_can_migrate_and_serve_with_one_url(server: Server) -> None:
    with psycopg.connect(server.url(embedded.OWNER, "postgres"), autocommit=True) as connection:
        connection.execute("create role ordinary login createrole password 'example'")
        connection.execute("grant leeway_app, leeway_sealer to ordinary with admin option")
        connection.execute("create database ordinary owner ordinary")
    url = f"postgresql+psycopg://ordinary:example@/ordinary?host={server.socket_path}"
    migrate(url)
    log = SqlLog(url, may_be_unsafe=True)
    tenant_id = tenant_id_of("one-url")
    assert log.seal(tenant_id) == 0
    assert log.connections.ask(tenant_id, "select current_user") == [("leeway_app",)]
    log.close()


def test_a_database_that_is_not_there_is_said() -> None:
    log = SqlLog("postgresql://nobody@127.0.0.1:1/none")
    with pytest.raises(Unavailable, match="does not answer"):
        log.head(tenant_id_of("any"))
    with pytest.raises(Unavailable, match="does not answer"):
        migrate("postgresql://nobody@127.0.0.1:1/none")
    log.close()
