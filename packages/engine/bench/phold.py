"""PHOLD on SimPy, to compare with: pending events rounds.

Prints millions of events per second of CPU, one line per round. SimPy 3 and later run callbacks,
the fastest way they have; SimPy 2, which Debian ships, knows processes only.
"""
import random
import sys
import time

pending, events, rounds = (int(each) for each in sys.argv[1:])
state = [0] * 1024
draw = random.Random(1)


def delay():
    return round(draw.expovariate(1e-6))


def callbacks(simpy):
    environment = simpy.Environment()

    def hop(event):
        target, count = event._value
        state[target] ^= count
        schedule(count + 1)

    def schedule(count):
        timeout = environment.timeout(delay(), (draw.randrange(1024), count))
        timeout.callbacks.append(hop)

    for index in range(pending):
        schedule(index)

    def run():
        for _ in range(events):
            environment.step()

    return run


def processes(simpy):
    """SimPy 2 cannot go on after a stop: it runs once, and the clock is read on the way."""
    simulation = simpy.Simulation()
    simulation.initialize()
    left = [events, rounds, time.process_time()]

    def lap():
        now = time.process_time()
        report(now - left[2])
        left[0], left[1], left[2] = events, left[1] - 1, now
        if left[1] == 0:
            simulation.stopSimulation()

    class Hop(simpy.Process):
        def run(self, count):
            while True:
                yield simpy.hold, self, delay()
                state[draw.randrange(1024)] ^= count
                count += 1
                left[0] -= 1
                if left[0] == 0:
                    lap()

    for index in range(pending):
        hop = Hop(sim=simulation)
        simulation.activate(hop, hop.run(index), at=simulation.now() + delay())
    left[2] = time.process_time()
    simulation.simulate(until=1e18)


def report(seconds):
    print(f"{events / seconds / 1e6:.5f}")


try:
    import simpy
except ImportError:
    import SimPy.Simulation

    processes(SimPy.Simulation)
else:
    run = callbacks(simpy)
    for _ in range(rounds):
        start = time.process_time()
        run()
        report(time.process_time() - start)
