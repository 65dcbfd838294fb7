/** The seller, whom every page must name (Decreto 7.962/2013), and what the pages promise. Part of the configuration. */
import { Type } from 'typebox'

const Shop = (standard: string, description: string) =>
  Type.String({ minLength: 1, maxLength: 200, default: standard, description })
const WorkingDays = (standard: number, description: string) =>
  Type.Integer({ minimum: 1, maximum: 365, default: standard, description })

export const shopSettings = {
  SHOP_NAME: Shop('Mercado Veículo', 'As the dealership calls itself'),
  SHOP_LEGAL_NAME: Shop('Mercado Veículo Comércio de Automóveis Ltda.', 'As it is registered'),
  SHOP_CNPJ: Type.String({
    pattern: '^[A-Z0-9]{12}[0-9]{2}$',
    default: '11222333000181',
    description: 'Its CNPJ, without punctuation',
  }),
  SHOP_ADDRESS: Shop('Avenida Exemplo, 1000, Centro', 'Street, number and district'),
  SHOP_CITY: Shop('Campinas, SP', 'City and state, where the vehicles stand'),
  SHOP_EMAIL: Shop('contato@mercadoveiculo.example', 'Where people write to'),
  SHOP_PHONE: Type.String({ pattern: '^\\+55\\d{10,11}$', default: '+551930000000', description: 'As E.164' }),
  SHOP_HOURS: Shop('Segunda a sexta, 9h às 19h. Sábado, 9h às 14h.', 'When somebody is there'),
  SHOP_DPO_NAME: Shop('Encarregado de dados', 'Who answers for personal data (LGPD, art. 41)'),
  SHOP_DPO_EMAIL: Shop('privacidade@mercadoveiculo.example', 'Where they are written to'),
  SHOP_REFUND_DAYS: WorkingDays(3, 'Working days in which money that is owed back is promised'),
  SHOP_PICKUP_DAYS: WorkingDays(2, 'Working days after payment when a vehicle is promised to be ready'),
  SMTP_URL: Type.Optional(
    Type.String({
      pattern: '^smtps?://[^\\s]+$',
      description: 'The mail server, with user and password; unless set mails are kept, for development to read',
    }),
  ),
  MAIL_FROM: Type.String({
    pattern: '^[^\\r\\n]*[^@\\s<>]+@[^@\\s<>]+>?$',
    default: 'Mercado Veículo <nao-responda@localhost>',
    description: 'Who mails come from',
  }),
}
