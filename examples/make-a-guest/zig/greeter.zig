// [greeter]
const std = @import("std");
const c = @cImport(@cInclude("greeter.h"));

/// A panic is a trap. Its message would be written by WASI, which a component here does not have.
pub const panic = std.debug.no_panic;

const Person = c.exports_demo_greeter_greetings_person_t;
const heap = std.heap.c_allocator;

fn give(into: *c.greeter_string_t, text: []const u8) void {
    c.greeter_string_dup_n(into, text.ptr, text.len);
}

export fn exports_demo_greeter_greetings_hello(who: *Person, ret: *c.greeter_string_t, err: *c.greeter_string_t) bool {
    defer c.exports_demo_greeter_greetings_person_free(who);
    if (who.name.len == 0) {
        give(err, "nobody to greet");
        return false;
    }
    const name = who.name.ptr[0..who.name.len];
    const room = heap.alloc(u8, name.len + 100) catch @panic("out of memory");
    defer heap.free(room);
    const format = "Hello, {s}! At {d} you speak {d} languages.";
    give(ret, std.fmt.bufPrint(room, format, .{ name, who.age, who.languages.len }) catch unreachable);
    return true;
}
// [end greeter]
