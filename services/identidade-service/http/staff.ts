/** The routes of staff: an admin invites them, sets their rights, lends a limit, and ends their access. */
import { type Static, Type } from 'typebox'
import { Timestamp, workHandedOver } from '#contracts'
import { authorOf, writeJournal } from '#host'
import { outgoing, type Send } from '#messaging'
import type { Tx } from '#platform/database/database'
import { bare } from '#platform/formats'
import { answers } from '#platform/http/app'
import type { Handler, HttpApp } from '#platform/http/server'
import { Problem } from '#platform/problem'
import { openPerson, writeDocument } from '../accounts/account-store.ts'
import { tell } from '../notices/notices.ts'
import { invite, linkOf } from '../staff/invite.ts'
import { endSessions, listStaff, lockAdmins, lockStaff, type StaffState, updateStaff } from '../staff/staff-store.ts'
import type { RouteParts } from './parts.ts'
import { Done, done } from './sign-in.ts'
import { Email } from './sign-up.ts'

const tags = ['staff']
const Params = Type.Object({ id: Type.String({ format: 'uuid' }) })
const Role = Type.Enum(['staff', 'admin'])
const Scope = Type.Enum(['seller', 'operator'])
const Percent = Type.Integer({ minimum: 0, maximum: 100, description: 'Percent of a price' })
const Reason = Type.String({ minLength: 5, maxLength: 200, format: 'text' })
const DAY_MS = 86_400_000

const StaffView = Type.Object(
  {
    account_id: Type.String(),
    role: Role,
    scope: Type.Union([Scope, Type.Null()]),
    email: Type.String(),
    name: Type.Union([Type.String(), Type.Null()]),
    discount_limit: Type.Union([Percent, Type.Null()]),
    lent: Type.Union([Type.Object({ discount_limit: Percent, until: Timestamp }), Type.Null()]),
    has_second_factor: Type.Boolean(),
    created_at: Timestamp,
    deactivated_at: Type.Union([Timestamp, Type.Null()]),
    handed_to: Type.Union([Type.String(), Type.Null()]),
  },
  { title: 'StaffMember' },
)

export const staffRoutes = (parts: RouteParts) => (app: HttpApp) => {
  app.get('/staff', { schema: showStaffSchema }, showStaff(parts))
  app.get('/staff/names', { schema: showNamesSchema }, showNames(parts))
  app.get('/staff-contacts', { schema: showContactsSchema }, showContacts(parts))
  app.post('/staff/invitations', { schema: inviteSchema }, inviteStaff(parts))
  app.put('/staff/:id', { schema: amendSchema }, amend(parts))
  app.post('/staff/:id/lend', { schema: lendSchema }, lend(parts))
  app.post('/staff/:id/deactivate', { schema: deactivateSchema }, deactivate(parts))
}

const showStaffSchema = {
  summary: 'Those who work here, and those who did',
  tags,
  response: answers({ 200: Type.Object({ staff: Type.Array(StaffView) }) }),
}

const showStaff =
  ({ database, vault }: RouteParts): Handler<typeof showStaffSchema> =>
  async () => {
    const rows = await listStaff(database, vault)
    const staff = rows.map(({ id: _id, lent_discount_limit, lent_until, created_at, deactivated_at, ...row }) => ({
      ...row,
      lent:
        lent_until && lent_discount_limit !== null
          ? { discount_limit: lent_discount_limit, until: lent_until.toISOString() }
          : null,
      created_at: created_at.toISOString(),
      deactivated_at: deactivated_at?.toISOString() ?? null,
    }))
    return { staff }
  }

const showNamesSchema = {
  summary: 'Names of those who work here and those who did, by the accounts that acts are signed with',
  tags,
  response: answers({
    200: Type.Object({
      staff: Type.Array(
        Type.Object(
          { account_id: Type.String(), name: Type.Union([Type.String(), Type.Null()]) },
          { title: 'StaffName' },
        ),
      ),
    }),
  }),
}

const showNames =
  ({ database, vault }: RouteParts): Handler<typeof showNamesSchema> =>
  async () => {
    const rows = await listStaff(database, vault)
    return { staff: rows.map(({ account_id, name }) => ({ account_id, name })) }
  }

const showContactsSchema = {
  summary: 'Those who decide for others, and where they are told (for avisos-service)',
  tags,
  response: answers({
    200: Type.Object({
      staff: Type.Array(
        Type.Object({
          account_id: Type.String(),
          name: Type.Union([Type.String(), Type.Null()]),
          email: Type.String(),
        }),
      ),
    }),
  }),
}

const showContacts =
  ({ database, vault }: RouteParts): Handler<typeof showContactsSchema> =>
  async () => {
    const admins = (await listStaff(database, vault)).filter(
      (one) => one.role === 'admin' && !one.deactivated_at && one.email,
    )
    return { staff: admins.map(({ account_id, name, email }) => ({ account_id, name, email })) }
  }

const inviteSchema = {
  summary: 'Invites somebody to work here: a link that opens once, for three days, goes to their address',
  tags,
  body: Type.Object(
    {
      name: Type.String({ minLength: 3, maxLength: 100, format: 'text' }),
      email: Email,
      role: Role,
      scope: Type.Optional(Scope),
      document: Type.Optional(
        Type.String({
          format: 'document',
          description: 'Their CPF: nobody acts on the customer record that is their own',
        }),
      ),
    },
    { additionalProperties: false },
  ),
  response: answers({ 201: Done }, 'account_exists', 'validation_failed'),
}

const inviteStaff =
  (parts: RouteParts): Handler<typeof inviteSchema> =>
  async (request, reply) => {
    const { unitOfWork, vault, clock, publicOrigin } = parts
    const { name, email, role, scope, document } = request.body
    if (role === 'admin' && scope !== undefined)
      throw new Problem('validation_failed', { errors: [{ path: '/scope', message: 'is of staff, not of admins' }] })
    const now = clock.now()
    await unitOfWork(async (tx, send) => {
      const by = authorOf(request)
      const wanted = { name: name.trim(), email, role, document: document ? bare(document) : null }
      const granted = role === 'staff' ? (scope ?? 'operator') : null
      const token = await invite(tx, parts, { ...wanted, scope: granted, invited_by: by.subject }, now)
      const content = { name: wanted.name, link: linkOf(publicOrigin, token) }
      await tell(
        tx,
        send,
        parts,
        { kind: 'staff_invitation', email, content, expires_at: new Date(now.getTime() + 3 * DAY_MS) },
        now,
      )
      const after = { role, scope: granted }
      const act = { by, at: now, act: 'staff_invited', about: 'account', about_id: 'invitation', after } as const
      await writeJournal(tx, vault, [{ ...act, personal: { after: { email } } }])
    })
    return reply.code(201).send(done)
  }

const amendSchema = {
  summary: 'Says what somebody who works here may do',
  tags,
  params: Params,
  body: Type.Object(
    {
      role: Role,
      scope: Type.Optional(Scope),
      discount_limit: Type.Optional(Type.Union([Percent, Type.Null()])),
      document: Type.Optional(Type.String({ format: 'document', description: 'Their CPF, as in the invitation' })),
      reason: Reason,
    },
    {
      additionalProperties: false,
      examples: [{ role: 'staff', scope: 'seller', discount_limit: 5, reason: 'Began in sales' }],
    },
  ),
  response: answers({ 200: Done }, 'account_not_found', 'last_admin', 'own_account', 'validation_failed'),
}

const amend =
  (parts: RouteParts): Handler<typeof amendSchema> =>
  async (request) => {
    const { role, scope, discount_limit = null, document } = request.body
    const may = (state: StaffState) => ({
      ...state,
      role,
      scope: role === 'staff' ? (scope ?? 'operator') : null,
      discount_limit,
    })
    await change(parts, request, 'staff_changed', may, async (tx) => {
      if (document !== undefined) await writeDocument(tx, parts, request.params.id, bare(document))
    })
    return done
  }

const lendSchema = {
  summary: 'Lends somebody a limit of discounts until a date, as for a deputy',
  tags,
  params: Params,
  body: Type.Object(
    { discount_limit: Percent, until: Timestamp, reason: Reason },
    {
      additionalProperties: false,
      examples: [{ discount_limit: 20, until: '2026-12-24T18:00:00-03:00', reason: 'Stands in for the owner' }],
    },
  ),
  response: answers({ 200: Done }, 'account_not_found', 'last_admin', 'own_account', 'validation_failed'),
}

const lend =
  (parts: RouteParts): Handler<typeof lendSchema> =>
  async (request) => {
    const { discount_limit, until } = request.body
    const lent_until = new Date(until)
    const now = parts.clock.now().getTime()
    if (lent_until.getTime() <= now || lent_until.getTime() > now + 92 * DAY_MS)
      throw new Problem('validation_failed', {
        errors: [{ path: '/until', message: 'must be within the next 92 days' }],
      })
    await change(parts, request, 'limit_lent', (state) => ({
      ...state,
      lent_discount_limit: discount_limit,
      lent_until,
    }))
    return done
  }

const deactivateSchema = {
  summary: 'Ends somebody’s access: sessions at once, tokens within five minutes; open work goes to somebody else',
  tags,
  params: Params,
  body: Type.Object(
    {
      hand_over_to: Type.String({ format: 'uuid', description: 'The account of the person who takes over open work' }),
      reason: Reason,
    },
    { additionalProperties: false },
  ),
  response: answers({ 200: Done }, 'account_not_found', 'last_admin', 'own_account', 'validation_failed'),
}

const deactivate =
  (parts: RouteParts): Handler<typeof deactivateSchema> =>
  async (request) => {
    const { id } = request.params
    const { hand_over_to } = request.body
    const now = parts.clock.now()
    const left = (state: StaffState) => ({ ...state, deactivated_at: now, handed_to: hand_over_to })
    await change(parts, request, 'staff_deactivated', left, async (tx, send) => {
      await endSessions(tx, id)
      const [leaver, taker] = [await openPerson(tx, parts, id), await openPerson(tx, parts, hand_over_to)]
      const takes = await lockStaff(tx, hand_over_to)
      if (!taker || !takes) throw new Error('who takes over is locked and there')
      send(outgoing(workHandedOver, parts.ids.uuid(), { from: id, to: hand_over_to, to_role: takes.role }))
      const content = { name: taker.name ?? '', from: leaver?.name ?? '' }
      const notice = { kind: 'work_handed_over', email: taker.email, content } as const
      await tell(tx, send, parts, { ...notice, expires_at: new Date(now.getTime() + 3 * DAY_MS) }, now)
    })
    return done
  }

type ChangeRequest = Parameters<typeof authorOf>[0] & {
  readonly params: Static<typeof Params>
  readonly body: { readonly reason: string; readonly hand_over_to?: string }
}

/** Nobody changes their own rights, and there is always somebody who can invite others. */
async function change(
  { unitOfWork, vault, clock }: RouteParts,
  request: ChangeRequest,
  act: string,
  changed: (state: StaffState) => StaffState,
  also?: (tx: Tx, send: Send) => Promise<void>,
): Promise<void> {
  const { id } = request.params
  const by = authorOf(request)
  if (by.subject === id) throw new Problem('own_account')
  await unitOfWork(async (tx, send) => {
    const admins = await lockAdmins(tx) // one change at a time: two admins could end each other's access at once
    const before = await lockStaff(tx, id)
    if (!before || before.deactivated_at) throw new Problem('account_not_found')
    const { hand_over_to } = request.body
    const taker = hand_over_to === undefined ? undefined : await lockStaff(tx, hand_over_to)
    if (hand_over_to !== undefined && (!taker || taker.deactivated_at || hand_over_to === id))
      throw new Problem('validation_failed', {
        errors: [{ path: '/hand_over_to', message: 'is nobody who works here' }],
      })
    const after = changed(before)
    const losesAdmin = before.role === 'admin' && (after.role !== 'admin' || after.deactivated_at !== null)
    if (losesAdmin && admins <= 1) throw new Problem('last_admin')
    await updateStaff(tx, id, after)
    await also?.(tx, send)
    const { reason } = request.body
    await writeJournal(tx, vault, [
      { by, at: clock.now(), act, about: 'account', about_id: id, reason, before: told(before), after: told(after) },
    ])
  })
}

const told = ({ lent_until, deactivated_at, ...state }: StaffState) => ({
  ...state,
  lent_until: lent_until?.toISOString() ?? null,
  deactivated_at: deactivated_at?.toISOString() ?? null,
})
