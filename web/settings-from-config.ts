/** The pages' settings out of the configuration that every process reads. */
import { isServiceName, services } from '#contracts'
import { type Config, portOf, publicOriginOf } from '#platform/config'
import type { Settings } from './settings.ts'

export function settingsFrom(config: Config): Settings {
  return {
    publicOrigin: publicOriginOf(config),
    trustedProxies: Math.max(1, config.TRUSTED_PROXIES), // the gateway is always before the pages
    addressOf(service) {
      if (!isServiceName(service)) throw new Error(`nobody knows where ${service} is`)
      return config[services[service].url] ?? `http://127.0.0.1:${portOf(config, service)}`
    },
    shop: {
      name: config.SHOP_NAME,
      legalName: config.SHOP_LEGAL_NAME,
      cnpj: config.SHOP_CNPJ,
      address: config.SHOP_ADDRESS,
      city: config.SHOP_CITY,
      email: config.SHOP_EMAIL,
      phone: config.SHOP_PHONE,
      hours: config.SHOP_HOURS,
      dpoName: config.SHOP_DPO_NAME,
      dpoEmail: config.SHOP_DPO_EMAIL,
      pixMinutes: Math.floor(config.PAYMENT_CODE_TTL_SECONDS / 60),
      refundDays: config.SHOP_REFUND_DAYS,
      pickupDays: config.SHOP_PICKUP_DAYS,
    },
    rules: {
      approvals: config.APPROVALS,
      approvalAdjustment: config.APPROVAL_ADJUSTMENT,
      approvalCredit: config.APPROVAL_CREDIT,
      approvalPayment: config.APPROVAL_PAYMENT,
      approvalDiscount: config.APPROVAL_DISCOUNT,
      approvalHours: config.APPROVAL_TTL_HOURS,
      creditDueDays: config.CREDIT_DUE_DAYS,
      counterHours: config.COUNTER_TTL_HOURS,
      returnDays: config.RETURN_TTL_DAYS,
      openPixPurchases: config.OPEN_PIX_PURCHASES_MAX,
      customersReadPerHour: config.CUSTOMERS_READ_PER_HOUR,
      auditMinutes: config.AUDIT_EVERY_MINUTES,
      paymentProvider: config.PAYMENT_PROVIDER,
    },
  }
}
