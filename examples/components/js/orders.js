// Orders, and baskets: a resource is a class.
import { Journal, close, log, reserve as put, title as titleOf, worth } from 'demo:shop/office@1.2.0';

let count = 0;

// [basket]
export class Basket {
  constructor(owner) {
    this.owner = owner;
    this.contents = [];
    count++;
  }

  add(product, count) {
    this.contents.push({ product, count });
    return this.contents.reduce((sum, it) => sum + it.count, 0);
  }

  // Runs when the host lets go of its handle; for those that the guest lets go of, it is called below.
  [Symbol.dispose]() {
    count--;
    log('debug', `${this.owner}'s basket is gone`);
  }
  // [end basket]

  lines() {
    return this.contents;
  }

  total() {
    return sumOf(this.contents);
  }

  cheaperThan(other) {
    return this.total() < other.total();
  }

  static merge(a, b) {
    a.contents.push(...b.contents);
    b[Symbol.dispose]();
    return a;
  }

  static count() {
    return count;
  }
}

function sumOf(lines) {
  return lines.reduce((sum, it) => sum + it.product.price * BigInt(it.count), 0n);
}

export function total(order) {
  if (!order.lines.length) throw { tag: 'empty' };
  for (const { product, count } of order.lines) {
    if (product.stock < count) throw { tag: 'out-of-stock', val: [product.sku, count - product.stock] };
  }
  const sum = sumOf(order.lines);
  const off = discount(order.discount, sum);
  return off < sum ? sum - off : 0n;
}

function discount({ tag, val }, sum) {
  switch (tag) {
    case 'percent':
      return BigInt(Math.floor((Number(sum) * val) / 100 + 0.5));
    case 'cents':
      return val;
    case 'codes':
      return val.reduce((off, code) => off + worthOf(code), 0n);
    default:
      return 0n;
  }
}

function worthOf(code) {
  try {
    return worth(code);
  } catch (error) {
    log('warning', error.payload);
    throw { tag: 'unknown-code', val: code };
  }
}

export function reserve(order) {
  return put(order.lines);
}

export function cheapest(products) {
  return sort(products)[0];
}

export function sort(products) {
  return products.sort((a, b) => (a.price < b.price ? -1 : a.price > b.price ? 1 : 0));
}

export function describe(numbers) {
  if (!numbers.length) return { count: 0, least: 0, most: 0, mean: 0 };
  let [least, most, sum] = [numbers[0], numbers[0], 0];
  for (const it of numbers) {
    least = Math.min(least, it);
    most = Math.max(most, it);
    sum += it;
  }
  return { count: numbers.length, least, most, mean: sum / numbers.length };
}

export function checksum(bytes) {
  let hash = 0x811c9dc5;
  for (const it of bytes) hash = Math.imul(hash ^ it, 0x01000193);
  return hash >>> 0;
}

export function sample(length) {
  return Uint8Array.from({ length }, (_, i) => i % 251);
}

export function checkout(basket) {
  basket[Symbol.dispose]();
  return [basket.owner, basket.contents];
}

export function sum(baskets) {
  return baskets.reduce((sum, it) => sum + it.total(), 0n);
}

export function keepDearest(baskets) {
  if (!baskets.length) return undefined;
  const best = baskets.reduce((a, b) => (b.total() > a.total() ? b : a));
  for (const it of baskets) if (it !== best) it[Symbol.dispose]();
  return best;
}

export function note(journal, text) {
  return [journal.write(text), titleOf(journal)];
}

export function open(title, lines) {
  const journal = new Journal(title);
  for (const line of lines) journal.write(line);
  return journal;
}

export function finish(journal, text) {
  journal.write(text);
  return close(journal);
}

export function discard(journal) {
  journal[Symbol.dispose]();
}

export function lookUp(title) {
  try {
    return Journal.find(title);
  } catch (error) {
    throw error.payload;
  }
}
