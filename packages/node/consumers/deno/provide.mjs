import { lend } from 'landbridge/register'

lend('env', new URL('./env.mjs', import.meta.url))
