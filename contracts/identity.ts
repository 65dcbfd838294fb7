/** What happens to accounts. Messages name rows only: the data of people stays in identidade-service. */
import { Type } from 'typebox'
import { messageContract } from './message.ts'
import { TransactionId } from './primitives.ts'
import { serviceNames } from './services.ts'

/** Somebody is to get a notice. The `transaction_id` names it; its address and words are fetched when it is sent. */
export const identityNotice = messageContract(
  'events.identity.notice',
  ['avisos-service-identity-notice-sub'],
  Type.Object({ kind: Type.String({ pattern: '^[a-z_]{1,40}$' }) }),
)

/** A decider is to be told that an approval waits. The `transaction_id` is this message's own; the approval is fetched when the mail is sent. */
export const approvalWaiting = messageContract(
  'events.notice.approval_waiting',
  ['avisos-service-notice-approval-waiting-sub'],
  Type.Object({
    service: Type.Enum([...serviceNames]),
    approval_id: TransactionId,
    /** Who may decide it. */
    account_id: TransactionId,
  }),
)

/** A member of staff has left, and another takes over their open matters. Names accounts, as tokens do. */
export const workHandedOver = messageContract(
  'events.identity.work_handed_over',
  [
    'cliente-service-work-handed-over-sub',
    'veiculo-service-work-handed-over-sub',
    'pagamento-service-work-handed-over-sub',
    'orquestrador-work-handed-over-sub',
  ],
  Type.Object({ from: TransactionId, to: TransactionId, to_role: Type.Enum(['staff', 'admin']) }),
)
