"""A writer to be killed: `python -m tests.store.crash_writer APP_URL SEALER_URL TENANT append|bulk`.

Says `ready`, waits for a line on its input, then writes facts and seals beside, and says on its output
the number of every fact that was acknowledged.
"""

import os
import sys
import threading
import time

from store.errors import LeewayError
from store.ids import StreamId, TenantId
from store.log import Draft
from store.log_sql import SqlLog
from tests.store.facts import NOW, draft, plan

ROWS = 6_000
CHUNK_ROWS = 400


def keep_sealing(log: SqlLog, tenant_id: TenantId) -> None:
    while True:
        try:
            log.seal(tenant_id)
        except LeewayError:
            time.sleep(0.1)
        time.sleep(0.01)


def append(log: SqlLog, tenant_id: TenantId, first: int) -> None:
    number = first
    while True:
        log.append(tenant_id, [(plan(f"p{number % 5}"), [draft(tenant_id, number)], None)], now=NOW)
        os.write(1, f"{number}\n".encode())
        number += 4


def bulk(log: SqlLog, tenant_id: TenantId) -> None:
    done = 0

    def tell(count: int) -> None:
        nonlocal done
        os.write(1, "".join(f"{number}\n" for number in range(done, done + count)).encode())
        done += count

    log.bulk(tenant_id, rows(tenant_id), now=NOW, progress=tell)


def rows(tenant_id: TenantId) -> list[tuple[StreamId, Draft]]:
    return [(plan(f"p{number % 50}"), draft(tenant_id, number)) for number in range(ROWS)]


def main() -> None:
    app_url, sealer_url, tenant, kind = sys.argv[1:]
    tenant_id = TenantId(tenant)
    log = SqlLog(app_url, sealer_url=sealer_url, chunk_rows=CHUNK_ROWS)
    log.head(tenant_id)
    os.write(1, b"ready\n")
    sys.stdin.readline()
    threading.Thread(target=keep_sealing, args=(log, tenant_id), daemon=True).start()
    if kind == "bulk":
        bulk(log, tenant_id)
        return
    writers = [threading.Thread(target=append, args=(log, tenant_id, first)) for first in range(4)]
    for writer in writers:
        writer.start()


if __name__ == "__main__":
    main()
