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


def test_no_model_is_asked_unless_one_is_named() -> None:
    model = settings.load({}).model
    assert model.url is None
    assert model.uses == {"wording", "extraction"}


def test_a_model_has_its_address_name_key_and_uses_and_the_key_is_not_shown() -> None:
    named = {"LEEWAY_MODEL_URL": "http://127.0.0.1:9/v1", "LEEWAY_MODEL": "small", "LEEWAY_MODEL_KEY": "made-up"}
    model = settings.load({**named, "LEEWAY_MODEL_FOR": "wording"}).model
    assert (model.url, model.name, model.key) == ("http://127.0.0.1:9/v1", "small", "made-up")
    assert model.uses == frozenset({"wording"})
    assert "made-up" not in repr(model)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("LEEWAY_MODEL_URL", "file:///somewhere"),
        ("LEEWAY_MODEL_MODE", "telepathy"),
        ("LEEWAY_MODEL_FOR", "wording,deciding"),
        ("LEEWAY_MODEL_SECONDS", "0"),
        ("LEEWAY_MODEL_CALLS_PER_DAY", "many"),
    ],
)
def test_a_model_that_cannot_be_is_refused_by_name(name: str, value: str) -> None:
    named = {"LEEWAY_MODEL_URL": "http://127.0.0.1:9/v1", "LEEWAY_MODEL": "small"}
    with pytest.raises(settings.SettingError, match=name):
        settings.load({**named, name: value})


def test_an_address_without_a_name_is_refused() -> None:
    with pytest.raises(settings.SettingError, match="together"):
        settings.load({"LEEWAY_MODEL_URL": "http://127.0.0.1:9/v1"})
