"""Jobs through Huey on SQLite with fsync: enqueued, and done by 64 threads. Prints two times."""
# ruff: noqa: T201 - a program of its own, which prints

import logging
import sys
import threading
import time
from pathlib import Path

from huey import SqliteHuey

AT_ONCE = 64


def main(folder: str, count: int) -> None:
    """Enqueue so many jobs, do them all, and print the seconds of each."""
    logging.disable(logging.CRITICAL)
    huey = SqliteHuey(filename=str(Path(folder) / "huey.db"), fsync=True, results=True)
    done, all_done = [0], threading.Event()
    lock = threading.Lock()

    @huey.task()
    def work(number: int) -> int:
        with lock:
            done[0] += 1
            if done[0] == count:
                all_done.set()
        return number

    numbers = iter(range(count))
    began = time.perf_counter()

    def enqueue() -> None:
        while True:
            with lock:
                number = next(numbers, None)
            if number is None:
                return
            work(number)

    threads = [threading.Thread(target=enqueue) for _ in range(AT_ONCE)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    enqueued = time.perf_counter()
    consumer = huey.create_consumer(
        workers=AT_ONCE, worker_type="thread", initial_delay=0.01, max_delay=0.05, periodic=False
    )
    consumer.start()
    all_done.wait()
    # Results are stored behind the work itself.
    while huey.result_count() < count:
        time.sleep(0.001)
    ended = time.perf_counter()
    consumer.stop(graceful=True)
    print(enqueued - began, ended - enqueued)


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))
