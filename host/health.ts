/** What every service says about its own health, and the schema of that answer. */
import { Type } from 'typebox'
import { Timestamp } from '#contracts'
import { answers } from '#platform/http/app'

const HealthView = Type.Object(
  {
    status: Type.String({ examples: ['healthy'] }),
    service: Type.String(),
    timestamp: Timestamp,
    version: Type.String(),
  },
  { title: 'Health' },
)

/** The schema of a route that answers with it. */
export const healthSchema = (summary: string, description?: string) => ({
  summary,
  ...(description && { description }),
  tags: ['operations'],
  response: answers({ 200: HealthView }, 'unavailable'),
})
