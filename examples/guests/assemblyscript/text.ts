// Base64 and entropy of a buffer, in AssemblyScript without its runtime.
//
//   alloc(len) -> ptr                room for input or output; given back all at once by reset()
//   base64(ptr, len, out) -> length  writes the text to out, which needs 4 bytes for each 3 begun
//   entropy(ptr, len) -> f64         Shannon entropy in bits for each byte: 0 to 8

const ALPHABET = memory.data<u8>([
  65, 66, 67, 68, 69, 70, 71, 72, 73, 74, 75, 76, 77, 78, 79, 80, 81, 82, 83, 84, 85, 86, 87, 88, 89, 90,
  97, 98, 99, 100, 101, 102, 103, 104, 105, 106, 107, 108, 109, 110, 111, 112, 113, 114, 115, 116, 117, 118,
  119, 120, 121, 122, 48, 49, 50, 51, 52, 53, 54, 55, 56, 57, 43, 47,
]);
const COUNTS = memory.data(256 * 4, 4);
const PAGE: usize = 65536;

let used: usize = __heap_base;

export function alloc(len: usize): usize {
  const start = (used + 15) & ~15;
  const end = start + len;
  const have = <usize>memory.size() * PAGE;
  if (end < start) unreachable();
  if (end > have && memory.grow(<i32>((end - have + PAGE - 1) / PAGE)) < 0) unreachable();
  used = end;
  return start;
}

export function reset(): void {
  used = __heap_base;
}

// @ts-ignore: decorator
@inline
function letter(bits: u32): u8 {
  return load<u8>(ALPHABET + (bits & 63));
}

export function base64(ptr: usize, len: usize, out: usize): usize {
  const start = out;
  const whole = ptr + len - (len % 3);
  for (; ptr < whole; ptr += 3, out += 4) {
    put(out, (<u32>load<u8>(ptr) << 16) | (<u32>load<u8>(ptr, 1) << 8) | load<u8>(ptr, 2));
  }
  if (len % 3 == 0) return out - start;
  const two = len % 3 == 2;
  put(out, (<u32>load<u8>(ptr) << 16) | (two ? <u32>load<u8>(ptr, 1) << 8 : 0));
  store<u8>(out, 61, 3);
  if (!two) store<u8>(out, 61, 2);
  return out + 4 - start;
}

function put(out: usize, three: u32): void {
  store<u8>(out, letter(three >> 18));
  store<u8>(out, letter(three >> 12), 1);
  store<u8>(out, letter(three >> 6), 2);
  store<u8>(out, letter(three), 3);
}

export function entropy(ptr: usize, len: usize): f64 {
  memory.fill(COUNTS, 0, 256 * 4);
  for (let i: usize = 0; i < len; i++) {
    const place = COUNTS + (<usize>load<u8>(ptr + i) << 2);
    store<u32>(place, load<u32>(place) + 1);
  }
  let bits: f64 = 0;
  for (let i: usize = 0; i < 256; i++) {
    const share = <f64>load<u32>(COUNTS + (i << 2)) / <f64>len;
    if (share > 0) bits -= share * Math.log2(share);
  }
  return bits;
}
