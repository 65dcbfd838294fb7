/** `/compra/{id}/contrato`: the buyer's copy of the contract, to be kept and printed (Decreto 7.962/2013, art. 4, IV). */
import { Link, type LoaderFunctionArgs, type MetaFunction, useLoaderData } from 'react-router'
import { api } from '../api.server.ts'
import { expectCustomer } from '../session.server.ts'
import { contract as texts } from '../texts/contract.pt-br.ts'
import { purchase } from '../texts/purchase.pt-br.ts'
import { settingsOf } from '../visit.server.ts'
import { contractOf } from './contract.server.ts'
import { ContractSheet } from './contract-sheet.tsx'

export async function loader(args: LoaderFunctionArgs) {
  await expectCustomer(args)
  const transaction_id = args.params.id ?? ''
  return { transaction_id, contract: await contractOf(api(args), settingsOf(args.context).shop, transaction_id) }
}

export const meta: MetaFunction = () => [{ title: texts.title }, { name: 'robots', content: 'noindex' }]

export default function ContractPage() {
  const { transaction_id, contract } = useLoaderData<typeof loader>()
  return (
    <div className="page pt-4 pb-16">
      <p className="no-print mb-4">
        <Link
          to={`/compra/${transaction_id}`}
          className="inline-flex min-h-11 items-center font-semibold text-accent hover:underline"
        >
          {purchase.name(contract.short)}
        </Link>
      </p>
      <ContractSheet contract={contract} />
    </div>
  )
}
