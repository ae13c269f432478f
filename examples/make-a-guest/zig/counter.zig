// [counter]
const std = @import("std");
const c = @cImport(@cInclude("counter.h"));

/// A panic is a trap. Its message would be written by WASI, which a component here does not have.
pub const panic = std.debug.no_panic;

export fn exports_counter_countdown(start: u32) u32 {
    var room: [16]u8 = undefined;
    var n = start;
    while (n > 0) : (n -= 1) {
        const line = std.fmt.bufPrint(&room, "{d}", .{n}) catch unreachable;
        var text = c.counter_string_t{ .ptr = line.ptr, .len = line.len };
        c.demo_greeter_logging_log(&text);
    }
    return start;
}
// [end counter]
