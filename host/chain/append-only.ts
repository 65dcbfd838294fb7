/** What a service may do in the tables that record what was done: it may add rows, and never change or remove them. */
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
    // updated when a new data key seals it anew; the hash in its entry would show a changed word
    journal_sealed: ['select', 'insert', 'update'],
  },
  functions: ['forget_journal_words(text, text)'],
}
