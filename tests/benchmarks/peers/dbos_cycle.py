"""Jobs through DBOS on SQLite: enqueued, and done 64 at a time. Prints two times."""
# ruff: noqa: T201 - a program of its own, which prints

import asyncio
import sys
import time
from pathlib import Path

from dbos import DBOS

AT_ONCE = 64
POLL_SECONDS = 0.01
"""A hundredth of the default, with which it does a fifth of that."""


async def _cycle(folder: str, count: int) -> None:
    """Enqueue so many jobs, do them all, and print the seconds of each."""
    config = {
        "name": "bench",
        "system_database_url": f"sqlite:///{Path(folder) / 'dbos.sqlite'}",
        "run_admin_server": False,
        "log_level": "CRITICAL",
    }
    DBOS(config=config)

    @DBOS.workflow()
    async def work(number: int) -> int:
        return number

    DBOS.listen_queues([])
    DBOS.launch()
    queue = await DBOS.register_queue_async(
        "bench", global_concurrency=AT_ONCE, polling_interval_sec=POLL_SECONDS
    )
    numbers, names = iter(range(count)), []

    async def enqueue() -> None:
        for number in numbers:
            handle = await queue.enqueue_async(work, number)
            names.append(handle.get_workflow_id())

    began = time.perf_counter()
    await asyncio.gather(*(enqueue() for _ in range(AT_ONCE)))
    enqueued = time.perf_counter()
    DBOS.destroy()
    DBOS(config=config)
    DBOS.listen_queues(["bench"])
    launched = time.perf_counter()
    DBOS.launch()
    for name in names:
        handle = await DBOS.retrieve_workflow_async(name)
        await handle.get_result(polling_interval_sec=POLL_SECONDS)
    print(enqueued - began, time.perf_counter() - launched)
    DBOS.destroy()


if __name__ == "__main__":
    asyncio.run(_cycle(sys.argv[1], int(sys.argv[2])))
