'use strict'
// Lanes: the buffers that values of WIT cross in, from JavaScript and to it. There is one for each call that is at work in
// this thread, the innermost last: a call takes the next one, and so does a host function. The addon knows where they are.
const { Buffer } = require('node:buffer')
const { setImmediate } = require('node:timers')
const { native } = require('../native.js')

/** How many bytes a new lane has, and from how many on it is made small again. */
const FIRST = 8 << 10
const MOST = 1 << 20

/**
 * Where JavaScript and the addon tell each other at `TOP` how many lanes are in use, and where one calls the other, of the
 * lane that was taken last: at `BYTES` how many it has, at `BESIDE` what else there is, in bits.
 */
const head = new Uint32Array(3)
const [TOP, BYTES, BESIDE] = [0, 1, 2]
native.witHead(head)

const lanes = []

class Lane {
  constructor(index) {
    this.index = index
    /** Where the next value is written or read. */
    this.at = 0
    /** What lies beside what is written: typed arrays, and objects of the host. */
    this.blobs = []
    this.objects = []
    /** Resources of guests that are written: nobody else may have them, and what is collected is closed. */
    this.held = []
    /** What lies beside what is read; the addon sets them. */
    this.found = undefined
    this.given = undefined
    /** The instance whose values these are. */
    this.owner = undefined
    this.bytes = this.view = undefined
    this.size = 0
  }
}

/** Gives a lane a buffer. */
function place(lane, buffer) {
  lane.bytes = Buffer.from(buffer)
  lane.view = new DataView(buffer)
  lane.size = buffer.byteLength
  if (lane.index >= 0) native.witLane(lane.index, lane, buffer)
}

/** Takes the next lane. */
function enter(owner) {
  const index = head[TOP]
  const lane = lanes[index] ?? make(index)
  head[TOP] = index + 1
  lane.at = 0
  lane.owner = owner
  return lane
}

/** More calls than this are seldom at work in each other. */
const DEEP = 8

function make(index) {
  if (index >= DEEP) setImmediate(rewind).unref()
  const lane = new Lane(index)
  place(lane, new ArrayBuffer(FIRST))
  return (lanes[index] = lane)
}

/**
 * In a turn of the event loop of its own no call is at work, so all lanes are free. Those that are not were left by calls that `node:vm` ended
 * by its `timeout`, which runs no `finally`.
 */
function rewind() {
  head[TOP] = 0
  lanes.forEach(ready)
}

/** Gives the lane back that was taken last. */
function leave(lane) {
  head[TOP] = lane.index
  ready(lane)
  if (lane.size > MOST) place(lane, new ArrayBuffer(FIRST))
}

/** Nothing lies beside it that was left there. */
function ready(lane) {
  if (lane.blobs.length > 0) lane.blobs = []
  if (lane.objects.length > 0) lane.objects = []
  if (lane.held.length > 0) lane.held = []
  lane.found = lane.given = lane.owner = undefined
}

/** The lane of the host function that is being called, which the addon took. */
function innermost() {
  const index = head[TOP] - 1
  return lanes[index] ?? make(index)
}

/** A lane that only holds what was given. */
function laneAround(buffer, found, given, owner) {
  const lane = new Lane(-1)
  place(lane, buffer)
  Object.assign(lane, { found, given, owner })
  return lane
}

/** The place of so many bytes that are to be written. */
function room(lane, count) {
  const at = lane.at
  const next = at + count
  if (next > lane.size) grow(lane, next)
  lane.at = next
  return at
}

function grow(lane, size) {
  const buffer = new ArrayBuffer(Math.max(size, 2 * lane.size))
  new Uint8Array(buffer).set(lane.bytes.subarray(0, lane.at))
  place(lane, buffer)
}

/** Calls a function of the addon with what is in a lane, which then has the result. */
function cross(lane, target) {
  tell(lane)
  target()
  if (head[BESIDE] !== 0) widen(lane)
  lane.at = 0
}

/** Tells that what is called gets its arguments without a lane. */
function tellDirect() {
  head[BESIDE] = DIRECT
}

/** Whether it was called so. */
const wasDirect = () => head[BESIDE] === 0

/** Makes a lane large enough for what the addon has for it. */
function widen(lane) {
  place(lane, new ArrayBuffer(head[BYTES]))
  native.witTake(lane.index)
}

/** Tells what is in a lane. */
function tell(lane) {
  head[BYTES] = lane.at
  head[BESIDE] = beside(lane)
}

/** Tells that there is nothing yet, but a promise. */
function tellLater() {
  head[BESIDE] = LATER
}

/** What lies beside a frame, in bits. */
const beside = (lane) => (lane.blobs.length > 0 ? 1 : 0) | (lane.objects.length > 0 ? 2 : 0)
const [LATER, DIRECT] = [4, 8]

module.exports = { enter, leave, ready, innermost, laneAround, room, cross, tell, tellLater, tellDirect, wasDirect, beside, place }
