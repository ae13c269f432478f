// [countdown]
// The host's function.
@external("env", "log")
declare function log(line: usize, len: usize): void;

export function countdown(start: u32): u32 {
  for (let n = start; n > 0; n--) {
    const line = String.UTF8.encode(n.toString());
    log(changetype<usize>(line), line.byteLength);
  }
  return start;
}
// [end countdown]
