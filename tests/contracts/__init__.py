"""What every backend of a port must do."""

import pytest

pytest.register_assert_rewrite("tests.contracts.log")
