/** Every page in one table. */
import { index, type RouteConfig, route } from '@react-router/dev/routes'

const LEGAL = ['termos', 'privacidade', 'cookies', 'desistencia', 'garantia', 'encarregado', 'acessibilidade']

export default [
  index('store/home.tsx'),
  route('carros', 'store/list.tsx'),
  route('carros/:id/:slug?', 'store/vehicle.tsx'),
  route('como-funciona', 'store/how.tsx'),
  ...LEGAL.map((path) => route(path, 'store/legal.tsx', { id: path })),

  route('comprar/:id', 'store/buy.tsx'),
  route('compra/:id', 'store/purchase.tsx'),
  route('compra/:id/cancelar', 'store/cancel.tsx'),
  route('compra/:id/desistir', 'store/withdraw.tsx'),
  route('compra/:id/eventos', 'store/purchase-events.ts'),
  route('compra/:id/pix.svg', 'store/pix-qr.ts'),
  route('compra/:id/retirada.svg', 'store/pickup-qr.ts'),

  route('devolucao/:id', 'store/return.tsx'),
  route('devolucao/:id/eventos', 'store/purchase-events.ts', { id: 'return-events' }),

  route('entrar', 'store/account/sign-in.tsx'),
  route('entrar/chave', 'store/account/passkey.ts'),
  route('entrar/codigo', 'store/account/second-factor.tsx'),
  route('sair', 'store/account/sign-out.ts'),
  route('cadastro', 'store/account/sign-up.tsx'),
  route('cadastro/codigo', 'store/account/sign-up-code.tsx'),
  route('convite/:token', 'store/account/invitation.tsx'),
  route('senha', 'store/account/password.tsx'),
  route('conta', 'store/account/frame.tsx', [
    index('store/account/purchases.tsx'),
    route('devolucoes', 'store/account/returns.tsx'),
    route('extrato', 'store/account/statement.tsx'),
    route('cadastro', 'store/account/standing.tsx'),
    route('dados', 'store/account/personal-data.tsx'),
    route('email', 'store/account/email.tsx'),
    route('dados/apagar', 'store/account/erase.tsx'),
    route('seguranca', 'store/account/security.tsx'),
  ]),
  route('conta/seguranca/chave', 'store/account/new-passkey-options.ts'),
  route('conta/dados/copia', 'store/account/copy.ts'),

  route('painel', 'office/frame.tsx', [
    index('office/today.tsx'),
    route('vendas', 'office/sales.tsx'),
    route('vendas/:id', 'office/sale.tsx'),
    route('estoque', 'office/stock.tsx'),
    route('estoque/novo', 'office/new-vehicle.tsx'),
    route('estoque/:id', 'office/vehicle.tsx'),
    route('clientes', 'office/customers.tsx'),
    route('clientes/:id', 'office/customer.tsx'),
    route('busca', 'office/search.tsx'),
    route('operacao', 'office/operation.tsx'),
    route('conferencias', 'office/audits.tsx'),
    route('integracoes', 'office/webhooks.tsx'),
    route('equipe', 'office/team.tsx'),
  ]),
  route('painel/vendas/:id/eventos', 'store/purchase-events.ts', { id: 'sale-events' }),

  route('desenhos/:edition/:name', 'store/drawing.ts'),
  route('sitemap.xml', 'store/found/sitemap.ts'),
  route('robots.txt', 'store/found/robots.ts'),
  route('feeds/stock.json', 'store/found/feed-json.ts'),
  route('feeds/stock.csv', 'store/found/feed-csv.ts'),
  route('*', 'store/not-found.tsx'),
] satisfies RouteConfig
