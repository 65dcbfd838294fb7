/** The calls that sagas ask for. They are made after the commit that recorded them; the answers become inputs of the sagas. */
import type { Effect, SagaInput } from '#saga'

export type CallResult = { readonly answer: unknown } | { readonly refused: string }

/** Makes a named call; throws on a fault, which the step's deadline then retries. */
export type CallMaker = (name: string, transaction_id: string, request: unknown) => Promise<CallResult>

type CallEffect = Effect & { kind: 'call' }

export interface Calls {
  begin(transaction_id: string, call: CallEffect): void
  /** Resolves when no call is under way. */
  idle(): Promise<void>
}

export function callsUnderWay(
  makeCall: CallMaker,
  submit: (work: { readonly transaction_id: string; readonly input: SagaInput }) => Promise<unknown>,
  onFault: (error: unknown, transaction_id: string) => void,
): Calls {
  const underWay = new Set<Promise<void>>()

  async function make(transaction_id: string, { name, step, request }: CallEffect) {
    try {
      const result = await makeCall(name, transaction_id, request)
      const input: SagaInput =
        'answer' in result
          ? { kind: 'call_answered', step, answer: result.answer }
          : { kind: 'call_refused', step, reason: result.refused }
      await submit({ transaction_id, input })
    } catch (error) {
      onFault(error, transaction_id) // the deadline of the step makes the call again
    }
  }

  return {
    begin(transaction_id, effect) {
      const call = make(transaction_id, effect).finally(() => underWay.delete(call))
      underWay.add(call)
    },
    async idle() {
      while (underWay.size > 0) await Promise.all(underWay)
    },
  }
}
