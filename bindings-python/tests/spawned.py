"""What the processes of a test run."""

import landbridge as lb
from guests import CALC


def work(n):
    return lb.load(CALC).instantiate().exports.add(n, 1)


def add(module, n):
    return module.instantiate().exports.add(n, 1)
