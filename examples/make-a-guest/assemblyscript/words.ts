// [words]
const chunk = new ArrayBuffer(4096);
let words = 0;
let inside = false;
for (;;) {
  const length = process.stdin.read(chunk);
  if (length <= 0) break;
  for (let i = 0; i < length; i++) {
    const space = load<u8>(changetype<usize>(chunk) + i) <= 32;
    if (!space && !inside) words++;
    inside = !space;
  }
}
console.log(words.toString() + ' words');
// [end words]
