import { provide } from 'landbridge/register'

provide('env', new URL('./env.mjs', import.meta.url))
