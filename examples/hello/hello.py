"""The smallest program: loads a component and calls it."""

# [hello]
import landbridge as lb

greet = lb.load("greet.wasm").instantiate()
print(greet.exports.hello("Ada"))
# [end hello]
