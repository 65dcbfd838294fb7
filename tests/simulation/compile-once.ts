/** `typebox/compile` that remembers: in the simulation a process starts a million times. */
import type { TSchema } from 'typebox'
import { Compile as compile } from 'typebox/compile'

const compiled = new WeakMap<TSchema, ReturnType<typeof compile>>()

export function Compile(schema: TSchema): ReturnType<typeof compile> {
  const known = compiled.get(schema) ?? compile(schema)
  compiled.set(schema, known)
  return known
}
