# [python]
from componentize_py_types import Err
from wit_world import exports


class Greetings(exports.Greetings):
    def hello(self, who):
        if not who.name:
            raise Err("nobody to greet")
        return f"Hello, {who.name}! At {who.age} you speak {len(who.languages)} languages."
# [end python]
