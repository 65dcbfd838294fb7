/** The form for a handover: the code or the document, the person who takes the car, and the things that go along. */
import { vehicle as texts } from '../texts/office-stock.pt-br.ts'
import { Entry, Pick } from './fields.tsx'
import { WHO } from './hand-over.ts'

export function HandOverForm() {
  const words = texts.handOver
  return (
    <>
      <Entry name="codigo" label={words.code} hint={words.codeHint} autoComplete="off" />
      <Entry name="documento" label={words.document} hint={words.documentHint} autoComplete="off" />
      <Entry name="nome" label={words.by} required minLength={3} maxLength={100} autoComplete="off" />
      <Pick name="como" label={words.as}>
        {WHO.map((one) => (
          <option key={one} value={one}>
            {words.whoAs[one]}
          </option>
        ))}
      </Pick>
      <Entry name="prova" label={words.proof} hint={words.proofHint} maxLength={200} autoComplete="off" />
      <div className="grid grid-cols-2 gap-2.5">
        <Entry name="km" label={words.mileage} inputMode="numeric" autoComplete="off" />
        <Entry name="chaves" label={words.keys} inputMode="numeric" autoComplete="off" />
      </div>
      <label className="flex min-h-8 items-center gap-2">
        <input type="checkbox" name="manual" />
        {words.manual}
      </label>
    </>
  )
}
