/** Every word of the pages. Another language is another folder like this one, chosen here. */
export { texts } from './pt-br.ts'
