// node build.mjs OUT: makes a component of shop.js. Without these features it needs no WASI.
import { componentize } from '@bytecodealliance/componentize-js';
import { writeFile } from 'node:fs/promises';

const { component } = await componentize({
  sourcePath: 'shop.js',
  witPath: '../wit',
  worldName: 'shop',
  disableFeatures: ['stdio', 'random', 'clocks', 'http', 'fetch-event'],
});
await writeFile(process.argv[2], component);
