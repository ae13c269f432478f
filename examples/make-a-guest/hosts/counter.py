# [counter]
import landbridge as lb

guest = lb.load("counter.wasm").instantiate({"logging": {"log": print}})
print(guest.exports.countdown(3), "lines")
# [end counter]
