/** What happens to accounts. Messages name rows only: the data of people stays in identidade-service. */
import { Type } from 'typebox'
import { messageContract } from './message.ts'

/** Somebody is to get a notice. The `transaction_id` names it; its address and words are fetched when it is sent. */
export const identityNotice = messageContract(
  'events.identity.notice',
  ['avisos-service-identity-notice-sub'],
  Type.Object({ kind: Type.String({ pattern: '^[a-z_]{1,40}$' }) }),
)
