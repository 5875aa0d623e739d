"""A model's bytes are its name; what was changed or never kept is told apart."""

import pytest

from risk.artifacts import MemoryShelf, dump_model, hash_of, load_model, parse_model, save_model
from risk.estimators import fit
from risk.model import Model, log_odds
from store.errors import Invalid, NotFound
from tests.risk.rows import examples


@pytest.fixture(scope="module")
def model() -> Model:
    fitted = fit(examples())
    assert isinstance(fitted, Model)
    return fitted


def test_a_model_comes_back_as_it_was_kept(model: Model) -> None:
    shelf = MemoryShelf()
    model_hash = save_model(shelf, model)
    again = load_model(shelf, model_hash)
    assert again == model
    assert dump_model(again) == dump_model(model)
    assert save_model(shelf, again) == model_hash == hash_of(dump_model(model))
    assert [log_odds(e.row, again) for e in examples()] == [log_odds(e.row, model) for e in examples()]


def test_a_model_nobody_kept_is_not_found() -> None:
    with pytest.raises(NotFound):
        load_model(MemoryShelf(), "0" * 64)


def test_changed_bytes_are_refused(model: Model) -> None:
    shelf = MemoryShelf()
    shelf.put("0" * 64, dump_model(model))
    with pytest.raises(Invalid) as caught:
        load_model(shelf, "0" * 64)
    assert caught.value.code == "model_changed"


@pytest.mark.parametrize("blob", [b"", b"{}", b"\xff\xfe", b'{"kind": 3}', b"[" * 2000])
def test_what_is_no_model_is_refused(blob: bytes) -> None:
    with pytest.raises(Invalid) as caught:
        parse_model(blob)
    assert caught.value.code == "model_malformed"


def test_a_model_is_small(model: Model) -> None:
    assert len(dump_model(model)) < 20_000
