/** A notice to somebody about their account. */

export const NOTICE_KINDS = [
  'sign_up_code',
  'sign_up_known',
  'reset_password_code',
  'change_email_code',
  'email_changed',
  'password_changed',
  'claim_code',
  'staff_invitation',
  'work_handed_over',
] as const
export type NoticeKind = (typeof NOTICE_KINDS)[number]

/** The values for its words: a code, a link, a name. */
export type NoticeContent = Readonly<Record<string, string>>

export interface Notice {
  readonly handle: string
  readonly kind: NoticeKind
  readonly email: string
  readonly content: NoticeContent
  /** After this time the notice is of no use. */
  readonly expires_at: Date
}
