// [countdown]
const std = @import("std");

/// The host's function.
extern "env" fn log(line: [*]const u8, len: usize) void;

export fn countdown(start: u32) u32 {
    var room: [16]u8 = undefined;
    var n = start;
    while (n > 0) : (n -= 1) {
        const line = std.fmt.bufPrint(&room, "{d}", .{n}) catch unreachable;
        log(line.ptr, line.len);
    }
    return start;
}
// [end countdown]
