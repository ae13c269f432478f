// Functions that give back what they are given.
const same = (it) => it;

// A result that is the whole of what a function gives: an `ok` is returned, an `err` is thrown.
function outcome({ tag, val }) {
  if (tag === 'err') throw val;
  return val;
}

export {
  same as echoBool,
  same as echoS8,
  same as echoU8,
  same as echoS16,
  same as echoU16,
  same as echoS32,
  same as echoU32,
  same as echoS64,
  same as echoU64,
  same as echoF32,
  same as echoF64,
  same as echoChar,
  same as echoString,
  same as echoBytes,
  same as echoFloats,
  same as echoStrings,
  same as echoProducts,
  same as echoBools,
  same as echoChars,
  same as echoPairs,
  same as echoLists,
  same as echoOptions,
  same as echoTuple,
  same as echoProduct,
  same as echoOrder,
  same as echoUnit,
  same as echoDays,
  same as echoMarks,
  same as echoHours,
  same as echoDiscount,
  same as echoRefusal,
  same as echoAnything,
  same as echoOption,
  same as echoNested,
  same as echoOutcomes,
  outcome as echoResult,
  outcome as echoOk,
  outcome as echoErr,
  outcome as echoBare,
};

export function echoNumbers(...lists) {
  return lists;
}

export function nothing() {}

export function seventeen(...all) {
  return all.join(' ');
}
