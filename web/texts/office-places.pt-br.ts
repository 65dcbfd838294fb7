/** Pages and actions of the office, as the search finds them: the address, its name, what it is about, and whom it is for. */

// biome-ignore format: a row a place
export const places: readonly (readonly [to: string, name: string, about: string, who: 'all' | 'operator' | 'admin'])[] = [
  ['/painel', 'Hoje', 'o que precisa de alguém, o mês', 'all'],
  ['/painel/vendas', 'Vendas', 'compras e devoluções', 'all'],
  ['/painel/vendas?tipo=return', 'Devoluções', 'carros que voltam', 'all'],
  ['/painel/balcao', 'Venda de balcão', 'vender a quem está na loja', 'all'],
  ['/painel/estoque', 'Estoque', 'veículos, preços, fotos', 'all'],
  ['/painel/estoque/novo', 'Cadastrar veículo', 'pôr um carro no estoque', 'all'],
  ['/painel/estoque/importar', 'Importar veículos', 'de um arquivo CSV', 'operator'],
  ['/painel/estoque?estado=awaiting_pickup', 'Entregas', 'carros vendidos que falta entregar', 'all'],
  ['/painel/clientes', 'Clientes', 'cadastros e contas', 'all'],
  ['/painel/clientes/novo', 'Cadastrar cliente', 'para quem está na loja', 'all'],
  ['/painel/dinheiro', 'Dinheiro', 'o que entrou, foi prometido ou se deve; fechar o dia e o mês, caixa', 'operator'],
  ['/painel/relatorios', 'Relatórios', 'vendas, margem, idade do estoque', 'operator'],
  ['/painel/operacao', 'Operação', 'serviços, mensagens, aprovações, backup', 'operator'],
  ['/painel/aprovacoes', 'Aprovações', 'o que espera a sua decisão', 'admin'],
  ['/painel/conferencias', 'Conferências', 'os serviços conferem entre si, auditoria', 'admin'],
  ['/painel/integracoes', 'Integrações', 'avisos a outros sistemas, webhooks', 'admin'],
  ['/painel/registros', 'Registros', 'quem leu dados, quem fez o quê', 'admin'],
  ['/painel/configuracao', 'Configuração', 'limites, prazos e dados da loja, só para ver', 'admin'],
  ['/painel/equipe', 'Equipe', 'convidar, funções, limites', 'admin'],
]
