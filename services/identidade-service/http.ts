/** All routes of the service. Posts come from our own pages alone. */
import type { HttpApp } from '#platform/http/server'
import { takeOwnPosts } from './http/ask-library.ts'
import { emailRoutes } from './http/change-email.ts'
import { claimRoutes } from './http/claims.ts'
import { deleteAccountRoutes } from './http/delete-account.ts'
import { invitationRoutes } from './http/invitations.ts'
import { noticeRoutes } from './http/notices.ts'
import type { RouteParts } from './http/parts.ts'
import { passkeyRoutes } from './http/passkeys.ts'
import { secondFactorRoutes } from './http/second-factors.ts'
import { sessionRoutes } from './http/sessions.ts'
import { signInRoutes } from './http/sign-in.ts'
import { signUpRoutes } from './http/sign-up.ts'
import { staffRoutes } from './http/staff.ts'
import { tieRoutes } from './http/ties.ts'
import { personalDataRoutes } from './rights/personal-data-http.ts'

export const routes = (parts: RouteParts & { readonly secret: string }) => (app: HttpApp) => {
  takeOwnPosts(app, parts.publicOrigin)
  signUpRoutes(parts)(app)
  signInRoutes(parts)(app)
  emailRoutes(parts)(app)
  claimRoutes(parts)(app)
  deleteAccountRoutes(parts)(app)
  secondFactorRoutes(parts)(app)
  passkeyRoutes(parts)(app)
  sessionRoutes(parts)(app)
  noticeRoutes(parts)(app)
  invitationRoutes(parts)(app)
  staffRoutes(parts)(app)
  tieRoutes(parts)(app)
  personalDataRoutes(parts)(app)
}
