// SHA-256 of a buffer, in C without a library.
//
//   alloc(len) -> ptr              room for input or output; given back all at once by reset()
//   sha256(ptr, len, out) -> 32    writes the 32 bytes of the digest to out

typedef unsigned char u8;
typedef unsigned int u32;
typedef unsigned long long u64;
typedef __SIZE_TYPE__ size;

#define EXPORT(name) __attribute__((export_name(#name))) name

extern u8 __heap_base;
static size used;

enum { PAGE = 65536 };

u8 *EXPORT(alloc)(size len) {
    if (!used) used = (size)&__heap_base;
    size start = (used + 15) & ~(size)15;
    if (len > ~(size)0 - PAGE - start) __builtin_trap();
    size missing = start + len, have = __builtin_wasm_memory_size(0) * (size)PAGE;
    if (missing > have && __builtin_wasm_memory_grow(0, (missing - have + PAGE - 1) / PAGE) == ~(size)0)
        __builtin_trap();
    used = start + len;
    return (u8 *)start;
}

void EXPORT(reset)(void) { used = 0; }

static const u32 K[64] = {
    0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4, 0xab1c5ed5,
    0xd807aa98, 0x12835b01, 0x243185be, 0x550c7dc3, 0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174,
    0xe49b69c1, 0xefbe4786, 0x0fc19dc6, 0x240ca1cc, 0x2de92c6f, 0x4a7484aa, 0x5cb0a9dc, 0x76f988da,
    0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7, 0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967,
    0x27b70a85, 0x2e1b2138, 0x4d2c6dfc, 0x53380d13, 0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85,
    0xa2bfe8a1, 0xa81a664b, 0xc24b8b70, 0xc76c51a3, 0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070,
    0x19a4c116, 0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a, 0x5b9cca4f, 0x682e6ff3,
    0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208, 0x90befffa, 0xa4506ceb, 0xbef9a3f7, 0xc67178f2,
};

static u32 rotated(u32 x, int n) { return x >> n | x << (32 - n); }

static u32 big_endian(const u8 *p) { return (u32)p[0] << 24 | (u32)p[1] << 16 | (u32)p[2] << 8 | p[3]; }

static void store(u8 *out, u32 x) {
    for (int i = 0; i < 4; i++) out[i] = x >> (24 - 8 * i);
}

static void block(u32 state[8], const u8 *in) {
    u32 w[64], s[8];
    for (int i = 0; i < 16; i++) w[i] = big_endian(in + 4 * i);
    for (int i = 16; i < 64; i++) {
        u32 a = w[i - 15], b = w[i - 2];
        w[i] = w[i - 16] + w[i - 7] + (rotated(a, 7) ^ rotated(a, 18) ^ a >> 3)
             + (rotated(b, 17) ^ rotated(b, 19) ^ b >> 10);
    }
    for (int i = 0; i < 8; i++) s[i] = state[i];
    for (int i = 0; i < 64; i++) {
        u32 e = s[4], a = s[0];
        u32 t1 = s[7] + (rotated(e, 6) ^ rotated(e, 11) ^ rotated(e, 25)) + ((e & s[5]) ^ (~e & s[6])) + K[i] + w[i];
        u32 t2 = (rotated(a, 2) ^ rotated(a, 13) ^ rotated(a, 22)) + ((a & s[1]) ^ (a & s[2]) ^ (s[1] & s[2]));
        for (int j = 7; j > 0; j--) s[j] = s[j - 1];
        s[4] += t1;
        s[0] = t1 + t2;
    }
    for (int i = 0; i < 8; i++) state[i] += s[i];
}

// The last bytes with the padding: one block or two.
static void last(u32 state[8], const u8 *in, size rest, u64 len) {
    u8 tail[128];
    size end = rest < 56 ? 64 : 128;
    for (size i = 0; i < end; i++) tail[i] = i < rest ? in[i] : 0;
    tail[rest] = 0x80;
    store(tail + end - 8, (u32)(len >> 29));
    store(tail + end - 4, (u32)(len << 3));
    for (size i = 0; i < end; i += 64) block(state, tail + i);
}

size EXPORT(sha256)(const u8 *in, size len, u8 *out) {
    u32 state[8] = {0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a, 0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19};
    size done = 0;
    for (; len - done >= 64; done += 64) block(state, in + done);
    last(state, in + done, len - done, len);
    for (int i = 0; i < 8; i++) store(out + 4 * i, state[i]);
    return 32;
}
