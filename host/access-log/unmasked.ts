/** What the routes that show personal data unmasked have in common: which fields are asked for, and why. */
import { Type } from 'typebox'

/** The `querystring` of such a route, for a list of these fields. */
export const unmaskedQuery = (fields: readonly string[]) =>
  Type.Object({
    fields: Type.String({
      pattern: `^(${fields.join('|')})(,(${fields.join('|')})){0,${fields.length - 1}}$`,
      description: `Which of ${fields.join(', ')}, comma-separated: ask for what you need, each is on record`,
    }),
    reason: Type.Optional(
      Type.String({
        maxLength: 200,
        format: 'text',
        description:
          'Why, in 5 characters at least: mandatory for staff and admins. No personal data: identifiers are taken out',
      }),
    ),
  })

/** Without repetitions, in the order in which they were asked for. */
export const fieldsIn = <Field extends string>(text: string): Field[] => [...new Set(text.split(','))] as Field[]
