/** The office's words about the configuration: what it is, and the variable that a deployment sets. */
import { counted, money } from '../formats.ts'
import type { Rules, Shop } from '../settings.ts'

type Line = readonly [name: string, value: string, variable: string]

const days = (count: number) => counted(count, 'dia', 'dias')
const hours = (count: number) => counted(count, 'hora', 'horas')
const minutes = (count: number) => counted(count, 'minuto', 'minutos')

export const settings = {
  title: 'Configuração',
  about: 'Só para ver: muda na implantação, pela variável ao lado, e vale depois de reiniciar.',
  columns: { what: 'O quê', value: 'Valor', variable: 'Variável' },
  none: 'não informado',
  shopTitle: 'A loja',
  rulesTitle: 'Limites e prazos',
  shop: (shop: Shop, origin: string): readonly Line[] => [
    ['Nome', shop.name, 'SHOP_NAME'],
    ['Razão social', shop.legalName, 'SHOP_LEGAL_NAME'],
    ['CNPJ', shop.cnpj, 'SHOP_CNPJ'],
    ['Endereço', shop.address, 'SHOP_ADDRESS'],
    ['Cidade', shop.city, 'SHOP_CITY'],
    ['E-mail', shop.email, 'SHOP_EMAIL'],
    ['Telefone', shop.phone, 'SHOP_PHONE'],
    ['Horário', shop.hours, 'SHOP_HOURS'],
    ['Encarregado (LGPD)', [shop.dpoName, shop.dpoEmail].filter(Boolean).join(', '), 'SHOP_DPO_NAME, SHOP_DPO_EMAIL'],
    ['Endereço na internet', origin, 'PUBLIC_ORIGIN'],
  ],
  rules: (rules: Rules, shop: Shop): readonly Line[] => [
    [
      'Quem precisa de segunda pessoa',
      rules.approvals === 'all' ? 'todos, também a administração' : 'a equipe; a administração decide sozinha',
      'APPROVALS',
    ],
    ['Lançamento na conta sem aprovação, até', money(rules.approvalAdjustment), 'APPROVAL_ADJUSTMENT'],
    ['Limite de crédito sem aprovação, até', money(rules.approvalCredit), 'APPROVAL_CREDIT'],
    ['Recebido no balcão por uma pessoa em 24 horas, até', money(rules.approvalPayment), 'APPROVAL_PAYMENT'],
    ['Desconto sem aprovação, até', `${rules.approvalDiscount} %`, 'APPROVAL_DISCOUNT'],
    ['Um pedido de aprovação vale', hours(rules.approvalHours), 'APPROVAL_TTL_HOURS'],
    ['O crédito usado vence em', days(rules.creditDueDays), 'CREDIT_DUE_DAYS'],
    ['Uma venda de balcão espera o dinheiro por', hours(rules.counterHours), 'COUNTER_TTL_HOURS'],
    ['Um código Pix vale', minutes(shop.pixMinutes), 'PAYMENT_CODE_TTL_SECONDS'],
    ['Pagamentos por', rules.paymentProvider === 'pix' ? 'Pix de verdade' : 'Pix simulado', 'PAYMENT_PROVIDER'],
    ['Compras por Pix abertas por cliente, até', String(rules.openPixPurchases), 'OPEN_PIX_PURCHASES_MAX'],
    ['O comprador retira em', days(shop.pickupDays), 'SHOP_PICKUP_DAYS'],
    ['O carro de uma devolução chega em', days(rules.returnDays), 'RETURN_TTL_DAYS'],
    ['O dinheiro volta em dias úteis', String(shop.refundDays), 'SHOP_REFUND_DAYS'],
    ['Cadastros que uma pessoa abre por hora, até', String(rules.customersReadPerHour), 'CUSTOMERS_READ_PER_HOUR'],
    [
      'Os serviços se conferem',
      rules.auditMinutes > 0 ? `a cada ${minutes(rules.auditMinutes)}` : 'só quando alguém pede',
      'AUDIT_EVERY_MINUTES',
    ],
  ],
}
