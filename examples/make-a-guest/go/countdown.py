# [countdown]
import landbridge as lb


@lb.with_caller
def log(caller, at, length):
    print(caller.export("memory").read_text(at & 0xFFFFFFFF, length))


guest = lb.load("countdown.wasm").instantiate({"env": {"log": log}}, policy=lb.Policy.program())
print(guest.exports.countdown(3), "lines")
# [end countdown]
