// Vectors as the runners of the corpus and of the official suite write them: 32 hexadecimal digits, the
// most significant first. In JavaScript they are 16 bytes, lane 0 first.
export const vector = (text) => Uint8Array.from(Buffer.from(text.slice(2), 'hex').reverse())

export const sameBytes = (found, wanted) => found instanceof Uint8Array && Buffer.compare(found, wanted) === 0
