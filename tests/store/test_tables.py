"""The tables that the code believes in are the tables that the migrations make."""

import psycopg

from store.ground import Urls
from store.listing import METADATA
from store.tables import EXEMPT

COLUMNS = "select table_name, column_name from information_schema.columns where table_schema = 'public'"


def test_every_column_in_the_code_exists(urls: Urls) -> None:
    with psycopg.connect(urls.owner) as connection:
        existing = set(connection.execute(COLUMNS).fetchall())
    wanted = {(table.name, column.name) for table in METADATA.tables.values() for column in table.columns}
    assert wanted - existing == set()
    assert set(EXEMPT) <= {table for table, _column in existing}
