import { counted } from '../formats.ts'

export const home = {
  title: (shop: string) => `${shop}: carros e motos usados, com tudo às claras`,
  description: (vehicles: string, city: string) =>
    `${vehicles} à venda em ${city}. Preço final, papéis abertos e compra acompanhada passo a passo.`,
  headline: ['O carro certo,', 'com tudo às claras.'],
  intro: (total: number) =>
    `${counted(total, 'veículo', 'veículos')} à venda. Preço final, papéis abertos e 7 dias para desistir da compra pelo site.`,
  introEmpty: 'Preço final, papéis abertos e 7 dias para desistir da compra pelo site.',
  all: 'Ver todos',
  newest: 'Chegaram agora',
  newestAll: 'Ver novidades',
  cheapest: (limit: string) => `Até ${limit}`,
  cheapestAll: (total: number) => `Ver ${total}`,
  forSale: (total: number) => (total === 1 ? '1 à venda' : `${total} à venda`),
  vows: [
    [
      'O preço do anúncio é o preço final.',
      'O preço não muda entre o anúncio e o pagamento. Se mudar antes, a compra para e você decide.',
    ],
    ['Os papéis vêm antes da compra.', 'Licenciamento, débitos, recall e vistoria na página de cada carro.'],
    ['Sete dias para desistir.', 'Comprou pelo site e não gostou? Devolvemos tudo o que você pagou.'],
  ],
  quick: 'Buscas rápidas',
  bodies: 'Por tipo',
}
