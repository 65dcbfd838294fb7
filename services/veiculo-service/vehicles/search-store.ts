/**
 * Turns typed text into the words that vehicles are known by. There are only a few thousand such words, however many vehicles
 * there are, so each can be compared letter by letter. A vehicle is found when it has one word of each group.
 */
import type { Queryable } from '#platform/database/database'
import { SYNONYMS } from '../domain/synonyms.ts'

/** A group per typed word: the known words that it may mean. An empty group finds nothing. */
export type WordGroups = readonly (readonly string[])[]

/** The most typed words that are used; further ones are ignored. */
const MAX_WORDS = 6

/** The words around one are looked at too: `hb 20` is HB20. */
const TYPED = `typed as (
  select number, word, length(word) as letters, word ~ '^[0-9]{4}$' as is_year,
    array[lag(word) over places || word, word || lead(word) over places] as joined,
    case when word ~ '[0-9]' or length(word) < 4 then 0 when length(word) < 6 then 1 else 2 end as slips,
    array(select overlay(word placing substr(word, at + 1, 1) || substr(word, at, 1) from at for 2)
      from generate_series(1, length(word) - 1) as at where length(word) > 3 and word !~ '[0-9]') as swapped
  from regexp_split_to_table(searchable($1), '\\s+') with ordinality as token (text, number),
    regexp_replace(token.text, '[^[:alnum:]]+', '', 'g') as word
  where word <> '' window places as (order by number) order by number limit ${MAX_WORDS})`

/**
 * Accents and case do not count. A word of four or five letters may have one wrong, missing, added or swapped letter, a longer
 * one two; a word with digits none, for HB30 is no typo of HB20. The beginning of a word stands for the word, but of a year.
 */
export const wordsMeant = (tx: Queryable, typed: string): Promise<WordGroups> =>
  groupsOf(
    tx,
    `(known.word %> typed.word and not typed.is_year)
       or known.word = typed.word or known.word = any(typed.joined) or known.word = any(array(
         select meant from unnest($2::text[], $3::text[]) as alike(typed, meant) where alike.typed = typed.word))
       or (typed.slips > 0 and known.letters between typed.letters - typed.slips and typed.letters + typed.slips
         and levenshtein_less_equal(known.word, typed.word, typed.slips) <= typed.slips)
       or known.word = any(typed.swapped)`,
    [typed, SYNONYMS.map(([word]) => word), SYNONYMS.map(([, meant]) => meant)],
  )

/** Narrows the search: any vehicle that contains `typed` also has a word of each group, so few rows need to be read. */
export const wordsContaining = (tx: Queryable, typed: string): Promise<WordGroups> =>
  groupsOf(tx, `known.word like '%' || typed.word || '%'`, [typed])

async function groupsOf(tx: Queryable, means: string, values: readonly unknown[]): Promise<WordGroups> {
  const rows = await tx.query<{ words: string[] }>(
    `with ${TYPED}
     select array(select known.word from vehicle_words as known where ${means}) as words from typed order by number`,
    values,
  )
  return rows.map(({ words }) => words)
}
