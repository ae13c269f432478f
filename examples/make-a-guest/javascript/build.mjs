// [build]
import { componentize } from '@bytecodealliance/componentize-js';
import { writeFile } from 'node:fs/promises';

const { component } = await componentize({
  sourcePath: 'greeter.js',
  witPath: '../wit',
  worldName: 'greeter',
  disableFeatures: ['stdio', 'random', 'clocks', 'http', 'fetch-event'],
});
await writeFile('../greeter-js.wasm', component);
// [end build]
