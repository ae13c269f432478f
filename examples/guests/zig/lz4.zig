//! The LZ4 block format, in Zig without a library.
//!
//!   alloc(len) -> ptr                            room for input or output; given back all at once by reset()
//!   compress_bound(len) -> length                the room that compress may need
//!   compress(ptr, len, out) -> length            writes a block to out
//!   decompress(ptr, len, out, room) -> length    -1 if the block is damaged or the room too small

const page = 65536;
const last_literals = 5;
const match_limit = 12;

extern var __heap_base: u8;
var used: usize = 0;
var positions: [1 << 14]u32 = undefined;

export fn alloc(len: usize) [*]u8 {
    if (used == 0) used = @intFromPtr(&__heap_base);
    const start = (used + 15) & ~@as(usize, 15);
    const end = start +% len;
    if (end < start) @trap();
    const have = @wasmMemorySize(0) * page;
    if (end > have and @wasmMemoryGrow(0, (end - have + page - 1) / page) < 0) @trap();
    used = end;
    return @ptrFromInt(start);
}

export fn reset() void {
    used = 0;
}

export fn compress_bound(len: usize) usize {
    return len + len / 255 + 16;
}

const Writer = struct {
    out: [*]u8,
    at: usize = 0,

    fn byte(w: *Writer, value: usize) void {
        w.out[w.at] = @truncate(value);
        w.at += 1;
    }

    /// What is left of a length after the four bits of the token.
    fn length(w: *Writer, rest: usize) void {
        var left = rest;
        while (left >= 255) : (left -= 255) w.byte(255);
        w.byte(left);
    }

    /// Literals, and with `match` a copy of so many bytes from `offset` bytes back.
    fn sequence(w: *Writer, literals: []const u8, match: usize, offset: usize) void {
        const extra = if (match == 0) 0 else match - 4;
        w.byte(@as(usize, @min(literals.len, 15)) << 4 | @min(extra, 15));
        if (literals.len >= 15) w.length(literals.len - 15);
        @memcpy(w.out[w.at..][0..literals.len], literals);
        w.at += literals.len;
        if (match == 0) return;
        w.byte(offset);
        w.byte(offset >> 8);
        if (extra >= 15) w.length(extra - 15);
    }
};

fn word(in: []const u8, at: usize) u32 {
    return @as(*align(1) const u32, @ptrCast(&in[at])).*;
}

fn matchLength(in: []const u8, from: usize, at: usize) usize {
    const end = in.len - last_literals;
    var n: usize = 4;
    while (at + n < end and in[from + n] == in[at + n]) n += 1;
    return n;
}

export fn compress(ptr: [*]const u8, len: usize, out: [*]u8) usize {
    const in = ptr[0..len];
    var writer = Writer{ .out = out };
    var start: usize = 0;
    var at: usize = 0;
    @memset(&positions, 0);
    while (at + match_limit < len) {
        const hash = (word(in, at) *% 2654435761) >> 18;
        const found: usize = positions[hash];
        positions[hash] = @intCast(at);
        if (found < at and at - found < 65536 and word(in, found) == word(in, at)) {
            const n = matchLength(in, found, at);
            writer.sequence(in[start..at], n, at - found);
            at += n;
            start = at;
        } else at += 1;
    }
    writer.sequence(in[start..], 0, 0);
    return writer.at;
}

const Damaged = error{Damaged};

const Reader = struct {
    in: []const u8,
    at: usize = 0,

    fn take(r: *Reader, n: usize) Damaged![]const u8 {
        if (n > r.in.len - r.at) return error.Damaged;
        defer r.at += n;
        return r.in[r.at..][0..n];
    }

    fn byte(r: *Reader) Damaged!usize {
        return (try r.take(1))[0];
    }

    fn length(r: *Reader, bits: usize) Damaged!usize {
        var n = bits;
        if (bits < 15) return n;
        while (true) {
            const more = try r.byte();
            n += more;
            if (more < 255) return n;
        }
    }
};

fn unpack(in: []const u8, out: []u8) Damaged!usize {
    var reader = Reader{ .in = in };
    var at: usize = 0;
    while (true) {
        const token = try reader.byte();
        const literals = try reader.take(try reader.length(token >> 4));
        if (literals.len > out.len - at) return error.Damaged;
        @memcpy(out[at..][0..literals.len], literals);
        at += literals.len;
        if (reader.at == in.len) return at;
        const offset = try reader.byte() | try reader.byte() << 8;
        const n = try reader.length(token & 15) + 4;
        if (offset == 0 or offset > at or n > out.len - at) return error.Damaged;
        for (0..n) |i| out[at + i] = out[at + i - offset];
        at += n;
    }
}

export fn decompress(ptr: [*]const u8, len: usize, out: [*]u8, room: usize) i32 {
    return @intCast(unpack(ptr[0..len], out[0..room]) catch return -1);
}
