"""Six-step workflows per second in DBOS for Python: `dbos_python.py CLIENTS SECONDS`, beside the PostgreSQL of PGHOST.

As it comes: every step's result is a committed row before the next step starts. It has at least a connection for every client.
"""

import os
import sys
import threading
import time

from dbos import DBOS, DBOSConfig

STEPS = 6
CONNECTIONS_LEAST = 20
WARM_UP_S = 1.0


@DBOS.step()
def step(number, at):
    return number + at


@DBOS.workflow()
def six(number):
    return sum(step(number, at) for at in range(STEPS))


def during(clients, seconds):
    """Returns how many workflows clients did that each wait for the end of one before they start the next."""
    last = time.perf_counter() + seconds
    done = [0] * clients

    def client(number):
        while time.perf_counter() < last:
            assert six(number) == STEPS * number + 15
            done[number] += 1

    threads = [threading.Thread(target=client, args=(number,)) for number in range(clients)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sum(done)


def main():
    clients, seconds = int(sys.argv[1]), float(sys.argv[2])
    host, user, database = (os.environ[name] for name in ("PGHOST", "PGUSER", "PGDATABASE"))
    url = f"postgresql://{user}@/{database}?host={host}"
    config = DBOSConfig(
        name="bench",
        system_database_url=url,
        sys_db_pool_size=max(clients, CONNECTIONS_LEAST),
        log_level="ERROR",
    )
    DBOS(config=config)
    DBOS.launch()
    during(clients, WARM_UP_S)
    since = time.perf_counter()
    done = during(clients, seconds)
    print(done / (time.perf_counter() - since), flush=True)
    # Its threads in the background have nothing left to do.
    os._exit(0)


if __name__ == "__main__":
    main()
