import { defineConfig } from 'vite'

export default defineConfig({
  build: {
    lib: { entry: 'main.mjs', formats: ['es'], fileName: 'main' },
    outDir: 'library',
    target: 'node20',
    // [external]
    rollupOptions: { external: [/^landbridge/, /^node:/] },
    // [end external]
  },
})
