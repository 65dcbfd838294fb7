/** What somebody is told about their account. */

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

/** What the words are made of: a code, a link, a name. */
export type NoticeContent = Readonly<Record<string, string>>

export interface Notice {
  readonly handle: string
  readonly kind: NoticeKind
  readonly email: string
  readonly content: NoticeContent
  /** After which telling it is of no use. */
  readonly expires_at: Date
}
