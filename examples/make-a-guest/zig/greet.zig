// [add]
export fn add(a: i32, b: i32) i32 {
    return a +% b;
}
// [end add]

// [memory]
const std = @import("std");
const heap = std.heap.wasm_allocator;

/// Makes room for `len` bytes, and for at least one: Zig has no address for none.
export fn alloc(len: usize) ?[*]u8 {
    return (heap.alloc(u8, @max(len, 1)) catch return null).ptr;
}

/// Frees what `alloc` or `hello` gave out.
export fn dealloc(ptr: [*]u8, len: usize) void {
    heap.free(ptr[0..@max(len, 1)]);
}
// [end memory]

// [strings]
export fn vowels(ptr: [*]const u8, len: usize) u32 {
    var count: u32 = 0;
    for (ptr[0..len]) |c| {
        if (std.mem.indexOfScalar(u8, "aeiouAEIOU", c) != null) count += 1;
    }
    return count;
}

/// Returns where its text is, in the high 32 bits, and how long it is, in the low 32.
export fn hello(ptr: [*]const u8, len: usize) u64 {
    const text = std.fmt.allocPrint(heap, "Hello, {s}!", .{ptr[0..len]}) catch @panic("out of memory");
    return @as(u64, @intFromPtr(text.ptr)) << 32 | text.len;
}
// [end strings]
