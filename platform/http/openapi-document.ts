/** The parts of an OpenAPI 3.1 document that are touched here, as types. */

export type Json = string | number | boolean | null | readonly Json[] | { readonly [key: string]: Json | undefined }

export interface Operation {
  operationId?: string
  summary?: string
  description?: string
  tags?: string[]
  parameters?: readonly Parameter[]
  requestBody?: { required?: boolean; content: Record<string, Media> }
  responses: Record<string, Answer>
  /** Callbacks by name, then by the expression for the URL, then by method. */
  callbacks?: Record<string, Record<string, Record<string, Operation>>>
  /** The proofs of a caller, any one of which is enough; empty: everybody may call it. */
  security?: { readonly [scheme: string]: readonly string[] }[]
}

export interface Parameter {
  readonly name: string
  readonly in: 'path' | 'query' | 'header' | 'cookie'
  readonly required?: boolean
  readonly description?: string
  readonly schema: Schema
}

interface Answer {
  description: string
  headers?: Record<string, Json>
  content?: Record<string, Media>
}

interface Media {
  schema?: Schema
  example?: Json
  examples?: Record<string, { readonly summary?: string; readonly value: Json } | { readonly $ref: string }>
}

export type Schema = { readonly [keyword: string]: Json | undefined }

export interface OpenApi {
  openapi: string
  info: {
    title: string
    version: string
    description?: string
    contact?: { name: string }
    license?: { name: string; identifier: string }
  }
  servers?: { url: string; description?: string }[]
  tags?: { name: string; description?: string }[]
  paths: Record<string, Record<string, Operation>>
  components: Record<string, Record<string, Json>>
}
