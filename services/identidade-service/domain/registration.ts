/** The data of a buyer's sign-up, and the rules across its fields: a company or a minor buys through a representative. */

interface Representative {
  readonly name: string
  /** CPF, bare. */
  readonly document: string
}

export interface Registration {
  readonly name: string
  /** CPF or CNPJ, bare. */
  readonly document: string
  /** For persons, not for companies. */
  readonly birth_date: string | null
  /** E.164. */
  readonly phone: string
  /** The person who acts for a minor or, if one is named, for a company. */
  readonly representative: Representative | null
}

interface FieldError {
  readonly path: string
  readonly message: string
}

const OF_AGE = 18

const isPerson = (document: string): boolean => document.length === 11

/** `today`: a date in Brazil, such as 2026-11-29. Empty when there are no faults. */
export function faultsOf({ name, document, birth_date, representative }: Registration, today: string): FieldError[] {
  const faults: FieldError[] = []
  if ([...name.trim()].length < 3) faults.push({ path: '/name', message: 'must NOT have fewer than 3 characters' })
  if (isPerson(document) && birth_date === null)
    faults.push({ path: '/birth_date', message: 'is required of a person' })
  if (birth_date !== null && (birth_date < '1900-01-01' || birth_date > today))
    faults.push({ path: '/birth_date', message: 'must be between 1900-01-01 and today' })
  else if (birth_date !== null && isPerson(document) && ageAt(birth_date, today) < OF_AGE && representative === null)
    faults.push({ path: '/representative', message: 'is required of a person under 18' })
  if (representative && !isPerson(representative.document))
    faults.push({ path: '/representative/document', message: 'must be the CPF of a person' })
  if (representative?.document === document)
    faults.push({ path: '/representative/document', message: 'must be of somebody else' })
  return faults
}

/** Whole years. A person born on 29 February has their birthday on 1 March in other years. */
export function ageAt(birth_date: string, today: string): number {
  const years = Number(today.slice(0, 4)) - Number(birth_date.slice(0, 4))
  return today.slice(5) < birth_date.slice(5) ? years - 1 : years
}
