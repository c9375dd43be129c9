"""PHOLD on SimPy, to compare with: pending events rounds.

Prints millions of events per second of CPU, one line per round.
"""
import random
import sys
import time

import simpy

pending, events, rounds = (int(each) for each in sys.argv[1:])
environment = simpy.Environment()
state = [0] * 1024
draw = random.Random(1)


def hop(event):
    target, count = event._value
    state[target] ^= count
    schedule(count + 1)


def schedule(count):
    delay = round(draw.expovariate(1e-6))
    timeout = environment.timeout(delay, (draw.randrange(1024), count))
    timeout.callbacks.append(hop)


for index in range(pending):
    schedule(index)
for _ in range(rounds):
    start = time.process_time()
    for _ in range(events):
        environment.step()
    print(f"{events / (time.process_time() - start) / 1e6:.5f}")
