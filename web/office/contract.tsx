/** `/painel/vendas/{id}/contrato`: the shop's copy of the contract, to be printed and signed. */
import { type LoaderFunctionArgs, type MetaFunction, useLoaderData } from 'react-router'
import { api } from '../api.server.ts'
import { expectStaff } from '../session.server.ts'
import { contractOf } from '../store/contract.server.ts'
import { ContractSheet } from '../store/contract-sheet.tsx'
import { contract as texts } from '../texts/contract.pt-br.ts'
import { settingsOf } from '../visit.server.ts'

export async function loader(args: LoaderFunctionArgs) {
  await expectStaff(args)
  return contractOf(api(args), settingsOf(args.context).shop, args.params.id ?? '')
}

export const meta: MetaFunction = () => [{ title: texts.title }, { name: 'robots', content: 'noindex' }]

export default function OfficeContract() {
  return <ContractSheet contract={useLoaderData<typeof loader>()} />
}
