// [counter]
import logging from 'demo:greeter/logging@1.0.0';

export function countdown(start) {
  for (let n = start; n > 0; n--) logging.log(String(n));
  return start;
}
// [end counter]
