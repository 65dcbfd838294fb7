/** What the office says of a customer's rights over their data, and when it registers one. */
export const customerRights = {
  title: 'Dados e pedidos (LGPD)',
  consents: 'Consentimentos',
  noConsents: 'Nenhum dado nem retirado.',
  purposes: { marketing: 'Receber ofertas' } as Readonly<Record<string, string>>,
  given: 'Dado',
  withdrawn: 'Retirado',
  erasure: 'Pedido de apagar',
  noErasure: 'Não pediu.',
  asked: (when: string, by: string) => `Pedido em ${when}, por ${by}.`,
  states: { IN_PROGRESS: 'Em andamento', RETAINED: 'Guardado o que a lei pede', COMPLETED: 'Apagado' },
  settleFirst: 'Há algo em aberto: o perfil já se foi, a pessoa se vai quando acertar.',
  erasedAt: (service: string, when: string) => `${service}: ${when}`,
}

export const newCustomer = {
  title: 'Cadastrar cliente',
  about: 'Para quem está na loja. O e-mail pode faltar.',
  fields: {
    nome: 'Nome completo',
    documento: 'CPF ou CNPJ',
    telefone: 'Celular',
    email: 'E-mail, se tiver',
    nascimento: 'Data de nascimento',
  },
  create: 'Cadastrar',
  faults: {
    nome: 'De 3 a 100 letras.',
    documento: 'O documento não confere.',
    telefone: 'Com DDD, como (11) 98765-4321.',
    email: 'O e-mail não confere.',
    nascimento: 'Confira a data.',
  },
  refused: {
    customer_exists: 'Este documento ou e-mail já tem cadastro: busque por ele.',
    validation_failed: 'Confira os campos marcados.',
    forbidden: 'Isso não é para a sua função.',
    other: 'Não deu agora. Tente de novo em um minuto.',
  } as Readonly<Record<string, string>> & { readonly other: string },
}
