/** An account that has no customer yet: being made, or known from the counter. */
import { type LoaderFunctionArgs, redirect, useLoaderData, useRouteLoaderData } from 'react-router'
import type { RootData } from '../../root-data.ts'
import { forget, personOf } from '../../session.server.ts'
import { account } from '../../texts/account.pt-br.ts'
import { LinkButton } from '../../ui/button.tsx'

export async function loader(args: LoaderFunctionArgs) {
  forget(args)
  const person = await personOf(args)
  if (!person || person.customer === 'there' || person.customer === 'none') throw redirect('/conta')
  return { standing: person.customer }
}

export default function Standing() {
  const { standing } = useLoaderData<typeof loader>()
  const shop = (useRouteLoaderData('root') as RootData | undefined)?.shop
  const [title, help] = account.standing[standing]
  return (
    <section className="max-w-[60ch]">
      <title>{title}</title>
      <h1>{title}</h1>
      <p className="mt-3 mb-6 text-muted">{help}</p>
      {standing === 'being_made' ? (
        <LinkButton to="/conta" reloadDocument>
          {account.standing.again}
        </LinkButton>
      ) : (
        shop && <LinkButton to={`mailto:${shop.email}`}>{account.standing.talk}</LinkButton>
      )}
    </section>
  )
}
