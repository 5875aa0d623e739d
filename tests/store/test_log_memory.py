"""The log in memory keeps the contract."""

import pytest

from store.keys import Keys
from store.log import Log
from store.log_memory import MemoryKeys, MemoryLog
from tests.contracts.log import LogContract


@pytest.fixture
def keys() -> Keys:
    return MemoryKeys()


@pytest.fixture
def log(keys: Keys) -> Log:
    return MemoryLog(keys)


class TestMemoryLog(LogContract):
    """See the contract."""
