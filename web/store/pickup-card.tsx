/** The pickup code, as a picture and as text. */
import { useRouteLoaderData } from 'react-router'
import type { Saga } from '../../clients/typescript/operations.ts'
import type { RootData } from '../root-data.ts'
import { purchase as texts } from '../texts/purchase.pt-br.ts'
import { Icon } from '../ui/icon.tsx'
import { codeInGroups } from './purchase-story.ts'

export function PickupCard({ saga }: { readonly saga: Saga }) {
  const shop = (useRouteLoaderData('root') as RootData | undefined)?.shop
  const code = saga.context.pickup_code
  const words = texts.pickup
  return (
    <section className="panel p-5 lg:p-6">
      {code && (
        <div className="rounded-panel border border-line bg-sunken p-5 text-center">
          <div className="mx-auto max-w-[200px] rounded-control border border-line bg-white p-4">
            <img
              src={`/compra/${saga.transaction_id}/retirada.svg`}
              alt={words.qr}
              width={200}
              height={200}
              className="block h-auto w-full"
            />
          </div>
          <p className="display mt-4 text-[30px] tracking-wide">{codeInGroups(code)}</p>
          <p className="mt-1 text-sm text-muted">{words.code}</p>
        </div>
      )}
      <ul className="mt-5 grid gap-3 text-[15px]">
        <li className="flex gap-3">
          <Icon name="person" />
          {words.document}
        </li>
        {shop && (
          <li className="flex gap-3">
            <Icon name="pin" />
            <span>
              {words.where(`${shop.address}, ${shop.city}`)}
              <br />
              <span className="text-sm text-muted">{shop.hours}</span>
            </span>
          </li>
        )}
      </ul>
    </section>
  )
}
