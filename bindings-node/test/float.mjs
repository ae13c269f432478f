// Floats by their bits, as the runners of the corpus and of the official suite have them.
const view = new DataView(new ArrayBuffer(8))

export class Float {
  /** @param bits text, number or `BigInt` */
  constructor(type, bits) {
    this.type = type
    this.bits = type === 'f32' ? Number(bits) : BigInt(bits)
  }

  static of(type, number) {
    if (type === 'f32') view.setFloat32(0, number)
    else view.setFloat64(0, number)
    return new Float(type, type === 'f32' ? view.getUint32(0) : view.getBigUint64(0))
  }

  get number() {
    if (this.type === 'f32') view.setUint32(0, this.bits)
    else view.setBigUint64(0, this.bits)
    return this.type === 'f32' ? view.getFloat32(0) : view.getFloat64(0)
  }
}
