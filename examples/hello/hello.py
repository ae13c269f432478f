"""The smallest program: loads a module and calls it."""

# [hello]
import landbridge as lb

calc = lb.load("calc.wasm").instantiate()
print(calc.exports.add(2, 3))
# [end hello]
