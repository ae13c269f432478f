// The shop in JavaScript. A name of WIT is one in camel case here, u64 and s64 are BigInt, an `err` is thrown.
import currency from 'currency';
import { log } from 'demo:shop/office@1.2.0';

export * as orders from './orders.js';
export * as echo from './echo.js';

// [greet]
export function greet(name) {
  log('info', `greet ${name}`);
  return `Hello, ${name}!`;
}
// [end greet]

export function price(cents) {
  return `${cents / 100n}.${String(cents % 100n).padStart(2, '0')} ${currency()}`;
}

export function giveUp(reason) {
  throw new Error(reason);
}
