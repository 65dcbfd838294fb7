/** The buttons of a purchase, each with its effects beside it, in order, before it is pressed. */
import type { Saga } from '../../clients/typescript/operations.ts'
import { canCancel, isOver } from '../store/purchase-story.ts'
import { sale as texts } from '../texts/office.pt-br.ts'
import { Act } from './act.tsx'
import { Entry } from './fields.tsx'
import { Panel } from './parts.tsx'

interface Rights {
  readonly admin: boolean
  readonly operator: boolean
}

export function Acts({ saga, rights }: { readonly saga: Saga; readonly rights: Rights }) {
  const isStuck = saga.status === 'FAILED_REQUIRES_MANUAL_INTERVENTION'
  const isAwaited = saga.kind === 'return' && saga.status === 'IN_PROGRESS' && saga.current_step === 'RETURN_RECEIPT'
  const canGiveUp = saga.kind === 'purchase' && canCancel(saga)
  const hasNone = !isStuck && !canGiveUp && !isAwaited
  return (
    <Panel title={texts.actions} flush>
      {hasNone && <p className="px-4 py-4 text-muted">{isOver(saga) ? texts.nothing : texts.nothingNow}</p>}
      {isStuck && !rights.admin && <p className="px-4 py-4 text-muted">{texts.onlyAdmin}</p>}
      {isStuck && rights.admin && (
        <>
          <Act act="tentar" words={texts.retry} kind="main" letter="r" />
          <Act act="resolvido" words={texts.giveUp} kind="danger">
            <Reason label={texts.giveUp.reason} />
          </Act>
          <Act act="refazer" words={texts.redo} kind="plain">
            <Reason label={texts.redo.reason} />
          </Act>
        </>
      )}
      {isAwaited && rights.operator && (
        <Act act="recebi" words={texts.receive} kind="main">
          <Entry name="km" label={texts.receive.mileage} inputMode="numeric" required />
          <Entry name="visto" label={texts.receive.notes} maxLength={2000} />
        </Act>
      )}
      {canGiveUp && (
        <Act act="cancelar" words={texts.cancel} kind="danger" letter="x">
          <Entry name="motivo" label={texts.cancel.reason} maxLength={500} />
        </Act>
      )}
    </Panel>
  )
}

const Reason = ({ label }: { readonly label: string }) => (
  <Entry name="motivo" label={label} required minLength={5} maxLength={500} />
)
