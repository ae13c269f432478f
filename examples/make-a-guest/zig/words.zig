// [words]
const std = @import("std");

pub fn main() !u8 {
    const heap = std.heap.wasm_allocator;
    const args = try std.process.argsAlloc(heap);
    const file = if (args.len < 2) std.fs.File.stdin() else std.fs.cwd().openFile(args[1], .{}) catch |err| {
        std.debug.print("words: {s}\n", .{@errorName(err)});
        return 1;
    };
    const text = try file.readToEndAlloc(heap, 1 << 30);
    var words = std.mem.tokenizeAny(u8, text, " \t\r\n");
    var count: usize = 0;
    while (words.next()) |_| count += 1;

    var room: [64]u8 = undefined;
    var out = std.fs.File.stdout().writer(&room);
    try out.interface.print("{d} words\n", .{count});
    try out.interface.flush();
    return 0;
}
// [end words]
