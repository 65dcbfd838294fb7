/** The contract of a completed purchase as a sheet. When it is printed, nothing else of the page is. */
import { cnpj, dayAndHour, exactMoney, kilometres, phone } from '../formats.ts'
import type { Shop } from '../settings.ts'
import { contract as texts } from '../texts/contract.pt-br.ts'

export interface Contract {
  readonly short: string
  readonly at: string
  readonly shop: Shop
  readonly buyer: { readonly name: string; readonly document: string }
  readonly vehicle: {
    readonly name: string
    readonly year: string
    readonly color?: string
    readonly mileage_km?: number
    readonly plate: string
    readonly chassi: string
    readonly renavam: string
  }
  readonly price: number
  readonly way: string
  /** Whether it was bought online or remotely, so that the buyer has seven days to return it. */
  readonly isDistant: boolean
}

type Row = readonly [string, string | undefined]

export function ContractSheet({ contract }: { readonly contract: Contract }) {
  const { shop, buyer, vehicle, price, way, at, short, isDistant } = contract
  const { names } = texts
  const isCovered = `${vehicle.plate}${vehicle.chassi}`.includes('•')
  return (
    <article className="panel mx-auto max-w-[820px] p-6 text-[15px] leading-relaxed sm:p-10 print:max-w-none print:border-0 print:p-0">
      <h1 className="text-[26px]">{texts.title}</h1>
      <p className="mt-2 text-muted">{texts.of(short, dayAndHour(at))}</p>
      <p className="no-print mt-2 text-sm text-muted">{texts.print}</p>
      <Part
        title={texts.seller}
        rows={[
          [names.name, shop.legalName],
          [names.cnpj, cnpj(shop.cnpj)],
          [names.address, `${shop.address}, ${shop.city}`],
          [names.contact, `${phone(shop.phone)} · ${shop.email}`],
        ]}
      />
      <Part
        title={texts.buyer}
        rows={[
          [names.name, buyer.name],
          [names.document, buyer.document],
        ]}
      />
      <Part
        title={texts.vehicle}
        rows={[
          [names.vehicle, vehicle.name],
          [names.year, vehicle.year],
          [names.color, vehicle.color],
          [names.mileage, vehicle.mileage_km === undefined ? undefined : kilometres(vehicle.mileage_km)],
          [names.plate, vehicle.plate],
          [names.chassi, vehicle.chassi],
          [names.renavam, vehicle.renavam],
        ]}
      />
      {isCovered && <p className="mt-2 text-sm text-muted">{texts.covered}</p>}
      <Part
        title={texts.money}
        rows={[
          [names.price, exactMoney(price)],
          [names.way, way],
          [names.when, dayAndHour(at)],
        ]}
      />
      <h2 className="mt-7 mb-2 text-lg">{texts.terms}</h2>
      <ol className="grid list-decimal gap-1.5 pl-5">
        {texts.clauses(isDistant, shop.refundDays).map((clause) => (
          <li key={clause}>{clause}</li>
        ))}
      </ol>
      <div className="mt-16 grid gap-12 sm:grid-cols-2">
        {[texts.signSeller, texts.signBuyer].map((who) => (
          <p key={who} className="border-t border-ink pt-2 text-sm">
            {who}
          </p>
        ))}
      </div>
    </article>
  )
}

function Part({ title, rows }: { readonly title: string; readonly rows: readonly Row[] }) {
  return (
    <section className="mt-7">
      <h2 className="mb-2 text-lg">{title}</h2>
      <dl className="grid grid-cols-[minmax(96px,auto)_minmax(0,1fr)] gap-x-6 gap-y-1 border-t border-line pt-2">
        {rows
          .filter(([, value]) => value)
          .map(([name, value]) => (
            <div key={name} className="contents">
              <dt className="text-muted">{name}</dt>
              <dd className="wrap-anywhere">{value}</dd>
            </div>
          ))}
      </dl>
    </section>
  )
}
