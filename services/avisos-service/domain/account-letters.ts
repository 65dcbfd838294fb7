/** Letters about accounts: codes, links, and news of changes. */
import type { Letter } from './letter.ts'

/** The kinds of notice of identidade-service. */
export interface AccountNotice {
  readonly kind: string
  readonly content: Readonly<Record<string, string>>
}

const TEN_MINUTES =
  'O código vale por 10 minutos. Se não foi você que pediu, ignore esta mensagem: sem o código, nada acontece.'
const NEVER_ASK = 'Ninguém da loja vai pedir este código a você.'

/** `origin`: the address of our pages. Undefined for a kind that only a newer release knows. */
export function accountLetter({ kind, content }: AccountNotice, origin: string): Letter | undefined {
  const { code, name, link } = content
  switch (kind) {
    case 'sign_up_code':
      return {
        subject: `${code} é o seu código de cadastro`,
        to: name,
        paragraphs: ['Para confirmar o seu e-mail e terminar o cadastro, digite este código:'],
        code,
        notes: [TEN_MINUTES, NEVER_ASK],
      }
    case 'sign_up_known':
      return {
        subject: 'Você já tem uma conta',
        paragraphs: [
          'Alguém tentou fazer um cadastro com este e-mail, que já tem uma conta. Se foi você, entre com a sua senha; se não se lembra dela, peça uma nova na mesma página.',
          'Se não foi você, não precisa fazer nada: a sua conta não mudou.',
        ],
        link: { words: 'Entrar', url: `${origin}/entrar` },
      }
    case 'reset_password_code':
      return {
        subject: `${code} é o seu código para uma senha nova`,
        paragraphs: ['Para escolher uma senha nova, digite este código:'],
        code,
        notes: [TEN_MINUTES, NEVER_ASK],
      }
    case 'change_email_code':
      return {
        subject: `${code} confirma o seu novo e-mail`,
        paragraphs: ['Para usar este endereço na sua conta, digite este código:'],
        code,
        notes: [TEN_MINUTES, NEVER_ASK],
      }
    case 'claim_code':
      return {
        subject: `${code} liga o seu cadastro à sua conta`,
        paragraphs: [
          'Alguém pediu para ligar o cadastro que você tem na loja a uma conta no site. Se foi você, digite este código:',
        ],
        code,
        notes: [TEN_MINUTES, NEVER_ASK],
      }
    default:
      return changeLetter({ kind, content: { ...content, name: name ?? '', link: link ?? origin } }, origin)
  }
}

function changeLetter({ kind, content }: AccountNotice, origin: string): Letter | undefined {
  const { name, link = origin } = content
  switch (kind) {
    case 'email_changed':
      return {
        subject: 'O e-mail da sua conta mudou',
        paragraphs: [
          'A sua conta passou a usar outro e-mail, e este endereço não entra mais nela.',
          'Se não foi você, fale com a loja hoje mesmo.',
        ],
      }
    case 'password_changed':
      return {
        subject: 'A senha da sua conta mudou',
        paragraphs: [
          'A senha da sua conta foi trocada agora, e as outras sessões foram encerradas.',
          'Se não foi você, escolha uma senha nova e fale com a loja.',
        ],
        link: { words: 'Escolher outra senha', url: `${origin}/senha` },
      }
    case 'staff_invitation':
      return {
        subject: 'O seu acesso ao painel da loja',
        to: name,
        paragraphs: [
          'Você foi convidado para o painel. Escolha a sua senha pelo endereço abaixo, que serve uma vez e por três dias:',
        ],
        link: { words: 'Aceitar o convite', url: link },
      }
    case 'work_handed_over':
      return {
        subject: 'O trabalho de um colega passou para você',
        to: name,
        paragraphs: [
          `O acesso de ${content.from ?? 'um colega'} foi encerrado, e o que estava em aberto com essa pessoa agora é seu.`,
        ],
        link: { words: 'Ver no painel', url: `${origin}/painel` },
      }
    default:
      return undefined
  }
}
