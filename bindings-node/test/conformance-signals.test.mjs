// The corpus once more, with engines that install no signal handlers.
process.env.LANDBRIDGE_TEST_SIGNALS = 'off'
await import('./conformance.test.mjs')
