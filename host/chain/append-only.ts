/** What a service may do in the tables that tell what was done: add, and never change or remove. */
import type { Narrow } from '#platform/database/role'

const CHAIN = ['select', 'insert'] as const
/** One row, which moves on. */
const HEAD = ['select', 'update'] as const

export const APPEND_ONLY: Narrow = {
  tables: {
    personal_data_access: CHAIN,
    personal_data_access_head: HEAD,
    journal: CHAIN,
    journal_head: HEAD,
    // sealed anew with a new data key; a word that differs is seen by the hash in its entry
    journal_sealed: ['select', 'insert', 'update'],
  },
  functions: ['forget_journal_words(text, text)'],
}
