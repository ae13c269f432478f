export const log = (number) => { console.log('logged:', number) }
