// [js]
export function hello(name) {
  return `Hello, ${name}!`;
}
// [end js]
