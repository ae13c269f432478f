# [greet]
import landbridge as lb

guest = lb.load("greet.wasm").instantiate(policy=lb.Policy.program())
memory, alloc, dealloc = guest.exports.memory, guest.exports.alloc, guest.exports.dealloc


def hello(name):
    data = name.encode()
    at = alloc(len(data)) & 0xFFFFFFFF  # the guest makes room, the host writes
    memory.write(at, data)
    found = guest.exports.hello(at, len(data))
    dealloc(at, len(data))
    at, length = found >> 32 & 0xFFFFFFFF, found & 0xFFFFFFFF
    text = memory.read_text(at, length)  # the guest wrote, the host reads
    dealloc(at, length)
    return text


print(guest.exports.add(2, 3))
print(hello("Ada"))
print(hello("Zoë"))
# [end greet]
