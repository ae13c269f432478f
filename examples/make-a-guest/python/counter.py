# [counter]
from wit_world import WitWorld as World
from wit_world.imports import logging


class WitWorld(World):
    def countdown(self, start):
        for n in range(start, 0, -1):
            logging.log(str(n))
        return start
# [end counter]
