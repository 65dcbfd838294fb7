/** Mails to customers about their data: their address was changed, a copy was taken, somebody has read it. */
import type { Letter } from './letter.ts'
import { momentOf } from './purchase-letters.ts'

/** The kinds of notice of cliente-service. */
export interface DataNotice {
  readonly kind: string
  readonly name: string
  /** When it happened. */
  readonly at: string
}

/** Undefined: of a kind that only a newer release knows. */
export function dataLetter({ kind, name, at }: DataNotice, origin: string): Letter | undefined {
  const privacy = { words: 'Ver os meus dados', url: `${origin}/conta` }
  switch (kind) {
    case 'email_changed':
      return {
        subject: 'O e-mail do seu cadastro mudou',
        to: name,
        paragraphs: [
          `Em ${momentOf(at)} o seu cadastro na loja passou a ter outro e-mail. Este endereço não recebe mais avisos.`,
          'Por 72 horas ninguém pode ligar o cadastro a uma conta do site. Se não foi você que pediu a mudança, fale com a loja antes disso.',
        ],
      }
    case 'data_copied':
      return {
        subject: 'A cópia dos seus dados está pronta',
        to: name,
        paragraphs: [
          `Em ${momentOf(at)} foi feita uma cópia de tudo o que a loja guarda sobre você, como a lei permite pedir. Ela foi entregue a quem estava na sua conta.`,
          'Se não foi você, troque a sua senha e fale com a loja hoje mesmo.',
        ],
        link: privacy,
      }
    case 'data_read':
      return {
        subject: 'Alguém da loja consultou os seus dados',
        to: name,
        paragraphs: [
          `Em ${momentOf(at)} alguém da loja abriu dados seus que normalmente ficam ocultos, e teve de escrever o motivo.`,
          'Quem foi, o que foi visto e por quê estão na sua conta, na lista de quem leu os seus dados.',
        ],
        link: privacy,
      }
    default:
      return undefined
  }
}
