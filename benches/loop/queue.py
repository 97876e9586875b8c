"""Times simulators on one queue, M/M/8 at 85% load, in CPU seconds: Baton's engine of events, SimPy, salabim and Ciw.

Each starts from arrivals and work drawn as it draws them, keeps every wait, and must come near the mean wait of
Erlang's formula before its time counts.
"""

import random
import subprocess
import sys
import time
from importlib.metadata import version

SERVERS, BUSY, SERVICE = 8, 0.85, 1.0
BETWEEN = SERVICE / (SERVERS * BUSY)
CASES = 100_000


def expected():
    load, loss = SERVERS * BUSY, 1.0
    for server in range(1, SERVERS + 1):
        loss = load * loss / (server + load * loss)
    waiting = loss / (1 - BUSY * (1 - loss))
    return waiting * SERVICE / (SERVERS * (1 - BUSY))


def simpy_waits():
    import simpy

    chance, waits = random.Random(1), []
    world = simpy.Environment()
    servers = simpy.Resource(world, SERVERS)

    def case(since):
        with servers.request() as slot:
            yield slot
            waits.append(world.now - since)
            yield world.timeout(chance.expovariate(1 / SERVICE))

    def arrivals():
        for _ in range(CASES):
            yield world.timeout(chance.expovariate(1 / BETWEEN))
            world.process(case(world.now))

    world.process(arrivals())
    world.run()
    return waits


def salabim_waits():
    import salabim

    salabim.yieldless(False)
    chance, waits = random.Random(1), []
    world = salabim.Environment(trace=False, random_seed=1)
    servers = salabim.Resource("servers", capacity=SERVERS)

    class Case(salabim.Component):
        def process(self):
            since = world.now()
            yield self.request(servers)
            waits.append(world.now() - since)
            yield self.hold(chance.expovariate(1 / SERVICE))

    class Arrivals(salabim.Component):
        def process(self):
            for _ in range(CASES):
                yield self.hold(chance.expovariate(1 / BETWEEN))
                Case()

    Arrivals()
    world.run()
    return waits


def ciw_waits():
    import ciw

    ciw.seed(1)
    network = ciw.create_network(
        arrival_distributions=[ciw.dists.Exponential(rate=1 / BETWEEN)],
        service_distributions=[ciw.dists.Exponential(rate=1 / SERVICE)],
        number_of_servers=[SERVERS],
    )
    simulation = ciw.Simulation(network)
    simulation.simulate_until_max_customers(CASES, method="Finish")
    return [record.waiting_time for record in simulation.get_all_records()]


def main():
    program = sys.argv[1]
    print(f"M/M/{SERVERS} at {BUSY:.0%}: mean wait {expected():.4f}")
    found = subprocess.run([program], check=True, capture_output=True, text=True).stdout.split()
    rates = {"Baton": float(found[0])}
    print(f"Baton: {float(found[0]):,.0f} cases per CPU second, mean wait {float(found[1]):.4f}")
    for name, work in (("simpy", simpy_waits), ("salabim", salabim_waits), ("ciw", ciw_waits)):
        best, waits = float("inf"), []
        for _ in range(3):
            before = time.process_time()
            waits = work()
            best = min(best, time.process_time() - before)
        mean = sum(waits) / len(waits)
        assert abs(mean / expected() - 1) < 0.15, (name, mean)
        rates[name] = len(waits) / best
        print(f"{name} {version(name)}: {rates[name]:,.0f} cases per CPU second, mean wait {mean:.4f}, Baton {rates['Baton'] / rates[name]:.0f} times")


if __name__ == "__main__":
    main()
