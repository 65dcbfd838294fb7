/** The contract of a sale, to be kept and printed. A sample: a lawyer of the dealership has to check it before the shop opens. */
export const contract = {
  title: 'Contrato de compra e venda de veículo usado',
  of: (short: string, date: string) => `Compra ${short}, de ${date}`,
  print: 'Use “Imprimir” do navegador para guardar em PDF ou no papel.',
  open: 'Ver o contrato',
  seller: 'Quem vende',
  buyer: 'Quem compra',
  vehicle: 'O veículo',
  money: 'O preço',
  terms: 'O que foi combinado',
  names: {
    cnpj: 'CNPJ',
    address: 'Endereço',
    contact: 'Contato',
    name: 'Nome',
    document: 'CPF ou CNPJ',
    vehicle: 'Veículo',
    year: 'Ano',
    color: 'Cor',
    mileage: 'Quilometragem',
    plate: 'Placa',
    chassi: 'Chassi',
    renavam: 'Renavam',
    price: 'Preço total',
    way: 'Forma de pagamento',
    when: 'Concluída em',
  },
  covered: 'Placa, chassi e Renavam por inteiro estão na nota fiscal e no documento de transferência.',
  clauses: (distance: boolean, refundDays: number) => [
    'O preço é final: nenhuma taxa é cobrada além dele.',
    'O veículo é usado e é vendido no estado descrito na página do anúncio, com os papéis lá informados (Lei 13.111/2015).',
    'Vale a garantia legal de 90 dias (Código de Defesa do Consumidor, art. 26). Para defeito oculto, o prazo conta de quando ele aparece.',
    ...(distance
      ? [
          `Comprado à distância: quem compra pode desistir até 7 dias depois de receber o veículo, sem dizer por quê (art. 49). Tudo o que pagou volta em até ${refundDays} dias úteis.`,
        ]
      : []),
    'Quem compra transfere o veículo para o seu nome em até 30 dias (Código de Trânsito, art. 123).',
    'O veículo é entregue a quem compra, ou a quem ele autorizar por escrito, com o código ou o documento conferido na entrega.',
  ],
  signSeller: 'Assinatura de quem vende',
  signBuyer: 'Assinatura de quem compra',
}
