/**
 * A customer's personal data, masked, and the form to see more of it, which asks for a reason and says that the reading is
 * recorded.
 */
import { Form } from 'react-router'
import type { Customer } from '../../clients/typescript/operations.ts'
import { office } from '../texts/office.pt-br.ts'
import { customer as texts } from '../texts/office-people.pt-br.ts'
import type { Seen } from './customer-acts.server.ts'
import { Entry } from './fields.tsx'
import { Panel, press } from './parts.tsx'
import { PERSONAL, type Personal } from './personal-fields.ts'

export function Masked({ customer, seen }: { readonly customer: Customer; readonly seen: Seen | undefined }) {
  return (
    <Panel title={texts.data} about={texts.dataAbout}>
      <dl className="grid grid-cols-[auto_minmax(0,1fr)] gap-x-4 gap-y-1.5">
        {PERSONAL.map((field) => (
          <div key={field} className="contents">
            <dt className="text-muted">{texts.fields[field]}</dt>
            <dd className={`text-right break-words ${seen?.[field] === undefined ? '' : 'font-semibold'}`}>
              {seen?.[field] ?? (covered(field, customer) || <span className="text-muted">{texts.notHeld}</span>)}
            </dd>
          </div>
        ))}
      </dl>
    </Panel>
  )
}

/** The API shows staff these fields whole. The office masks those that a passing look does not need. */
function covered(field: Personal, customer: Customer): string {
  const { name, document, email, phone, birth_date, driver_license, address, refund_pix_key } = customer
  switch (field) {
    case 'name':
      return name
    case 'document':
      return document.replaceAll('*', '•')
    case 'email':
      return (email ?? '').replace(/^(.).*(@.*)$/, '$1•••$2')
    case 'phone':
      return `•••• ${phone.slice(-4)}`
    case 'birth_date':
      return birth_date ? '••••' : ''
    case 'driver_license':
      return driver_license ? '••••' : ''
    case 'refund_pix_key':
      return refund_pix_key ? '••••' : ''
    case 'address':
      return address ? `${address.city}, ${address.state}` : ''
  }
}

export function Unmask() {
  const words = texts.unmask
  return (
    <Panel title={words.title}>
      <Form method="post" className="grid gap-3" autoComplete="off">
        <input type="hidden" name="ato" value="ver" />
        <fieldset>
          <legend className="mb-1 text-xs font-[550]">{words.what}</legend>
          <div className="grid grid-cols-2">
            {PERSONAL.filter((field) => field !== 'name').map((field) => (
              <label key={field} className="flex min-h-8 items-center gap-2">
                <input type="checkbox" name="campo" value={field} />
                {texts.fields[field]}
              </label>
            ))}
          </div>
        </fieldset>
        <Entry name="motivo" label={words.why} hint={words.whyHint} required minLength={5} maxLength={200} />
        <button type="submit" className={press()} aria-label={`${words.button}, ${office.recorded}`}>
          {words.button}
        </button>
      </Form>
    </Panel>
  )
}
