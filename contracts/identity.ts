/** What happens to accounts: who people are stays in identidade-service, messages name rows alone. */
import { Type } from 'typebox'
import { messageContract } from './message.ts'

/** Somebody is to be told something. The `transaction_id` names the notice; its address and words are asked for when it is sent. */
export const identityNotice = messageContract(
  'events.identity.notice',
  ['avisos-service-identity-notice-sub'],
  Type.Object({ kind: Type.String({ pattern: '^[a-z_]{1,40}$' }) }),
)
