/** The route that gives avisos-service the address and the words of a notice. */
import { Type } from 'typebox'
import { Timestamp } from '#contracts'
import { answers } from '#platform/http/app'
import type { Handler, HttpApp } from '#platform/http/server'
import { Problem } from '#platform/problem'
import { NOTICE_KINDS } from '../domain/notice.ts'
import { findNotice } from '../notices/notice-store.ts'
import type { RouteParts } from './parts.ts'
import { Handle } from './sign-up.ts'

const Notice = Type.Object(
  {
    kind: Type.Enum([...NOTICE_KINDS]),
    email: Type.String(),
    content: Type.Record(Type.String(), Type.String()),
    expires_at: Timestamp,
  },
  { title: 'Notice' },
)

export const noticeRoutes = (parts: RouteParts) => (app: HttpApp) => {
  app.get('/notices/:id', { schema: showNoticeSchema }, showNotice(parts))
}

const showNoticeSchema = {
  summary: 'A notice: its recipient and its content (for avisos-service)',
  tags: ['notices'],
  params: Type.Object({ id: Handle }),
  response: answers({ 200: Notice }, 'notice_not_found', 'validation_failed'),
}

const showNotice =
  ({ database, vault }: RouteParts): Handler<typeof showNoticeSchema> =>
  async (request) => {
    const found = await findNotice(database, vault, request.params.id)
    if (!found) throw new Problem('notice_not_found')
    const { kind, email, content, expires_at } = found
    return { kind, email, content, expires_at: expires_at.toISOString() }
  }
