from pathlib import Path

import pytest

import settings


def test_an_empty_environment_means_the_embedded_database_and_port_8000() -> None:
    loaded = settings.load({})
    assert loaded.store.database_url is None
    assert loaded.store.data_path == Path(".leeway")
    assert loaded.serve.port == 8000


def test_the_environment_is_read() -> None:
    loaded = settings.load({"LEEWAY_DATABASE_URL": "postgresql://db/leeway", "LEEWAY_PORT": "8123"})
    assert loaded.store.database_url == "postgresql://db/leeway"
    assert loaded.serve.port == 8123


@pytest.mark.parametrize("port", ["0", "65536", "-1", "eighty", "80.5", "٨٠٠٠"])
def test_an_impossible_port_is_refused_by_name(port: str) -> None:
    with pytest.raises(settings.SettingError, match="LEEWAY_PORT"):
        settings.load({"LEEWAY_PORT": port})
