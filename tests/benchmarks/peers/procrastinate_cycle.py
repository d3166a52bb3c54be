"""Jobs through Procrastinate on PostgreSQL: deferred, and done 64 at a time. Prints two times."""
# ruff: noqa: T201 - a program of its own, which prints

import asyncio
import logging
import sys
import time

from procrastinate import App, PsycopgConnector

AT_ONCE = 64


async def _cycle(url: str, count: int) -> None:
    """Defer so many jobs, do them all, and print the seconds of each."""
    logging.disable(logging.CRITICAL)
    app = App(connector=PsycopgConnector(conninfo=url, min_size=4, max_size=16))

    @app.task(queue="bench")
    async def work(number: int) -> int:
        return number

    async with app.open_async():
        await app.schema_manager.apply_schema_async()
        numbers = iter(range(count))

        async def defer() -> None:
            for number in numbers:
                await work.defer_async(number=number)

        began = time.perf_counter()
        await asyncio.gather(*(defer() for _ in range(AT_ONCE)))
        deferred = time.perf_counter()
        await app.run_worker_async(
            queues=["bench"],
            concurrency=AT_ONCE,
            wait=False,
            install_signal_handlers=False,
            update_heartbeat_interval=10,
        )
        print(deferred - began, time.perf_counter() - deferred)


if __name__ == "__main__":
    asyncio.run(_cycle(sys.argv[1], int(sys.argv[2])))
