// [add]
export function add(a: i32, b: i32): i32 {
  return a + b;
}
// [end add]

// [memory]
/** Makes room for `len` bytes. The host writes its text there. */
export function alloc(len: usize): usize {
  return heap.alloc(len);
}

/** Frees what `alloc` or `hello` gave out. */
export function dealloc(ptr: usize, len: usize): void {
  heap.free(ptr);
}
// [end memory]

// [strings]
/** The host writes UTF-8; a string of AssemblyScript is UTF-16. */
function text(ptr: usize, len: usize): string {
  return String.UTF8.decodeUnsafe(ptr, len);
}

export function vowels(ptr: usize, len: usize): i32 {
  const name = text(ptr, len);
  let count = 0;
  for (let i = 0; i < name.length; i++) {
    if ('aeiouAEIOU'.includes(name.charAt(i))) count++;
  }
  return count;
}

/** Returns where its text is, in the high 32 bits, and how long it is, in the low 32. */
export function hello(ptr: usize, len: usize): u64 {
  const greeting = 'Hello, ' + text(ptr, len) + '!';
  const length = String.UTF8.byteLength(greeting);
  const at = heap.alloc(length);
  String.UTF8.encodeUnsafe(changetype<usize>(greeting), greeting.length, at);
  return ((at as u64) << 32) | length;
}
// [end strings]
