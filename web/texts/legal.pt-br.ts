/**
 * The texts that the law demands, as samples: a lawyer of the dealership checks them before the shop opens. Every time,
 * address and promise in them comes from the settings.
 */
import { cnpj, counted, phone } from '../formats.ts'
import type { Shop } from '../settings.ts'

export interface LegalText {
  readonly title: string
  readonly intro: string
  readonly sections: readonly {
    readonly title: string
    readonly paragraphs?: readonly string[]
    readonly points?: readonly string[]
  }[]
}

const workingDays = (days: number) => counted(days, 'dia útil', 'dias úteis')

export const legal = {
  how: {
    title: 'Como funciona',
    intro: 'Você escolhe, paga e busca. Cada passo aparece na tela, com o que fazer se algo der errado.',
    go: 'Ver os veículos',
    steps: (shop: Shop) =>
      [
        [
          'Escolha com os papéis na mão',
          'Preço final, quilometragem, multas, débitos e recall estão na página de cada veículo, antes de você criar conta.',
        ],
        [
          'Diga como quer pagar',
          'Por Pix, com o saldo da sua conta ou com o crédito da loja. O preço que você viu é o preço que você paga: se ele mudar antes do clique, a compra para e pergunta.',
        ],
        [
          'Nós separamos o carro',
          'Assim que você confirma, ninguém mais consegue comprá-lo.',
          `No Pix, você tem ${shop.pixMinutes} minutos para pagar. Se o prazo acabar, nada foi cobrado e o carro volta para a loja.`,
        ],
        [
          'Acompanhe ao vivo',
          'A página da compra mostra cada passo, com hora. Se algo falhar, ela diz o que devolvemos e quando.',
          'Até a venda ser registrada, você cancela com um botão e sem custo.',
        ],
        [
          'Busque com o código',
          `Você recebe um código de retirada e leva um documento com foto. O carro fica pronto em até ${workingDays(shop.pickupDays)}. ${shop.hours}`,
        ],
        [
          'Sete dias para desistir',
          'Comprou pelo site? Pode desistir em até 7 dias depois de receber, sem explicar por quê. Devolvemos tudo o que você pagou.',
        ],
      ] as const,
  },

  terms: (shop: Shop): LegalText => ({
    title: 'Termos de compra',
    intro: `O que vale entre você e ${shop.legalName} quando você compra por este site.`,
    sections: [
      {
        title: 'Quem vende',
        paragraphs: [
          `${shop.legalName}, CNPJ ${cnpj(shop.cnpj)}, ${shop.address}, ${shop.city}. E-mail ${shop.email}, telefone ${phone(shop.phone)}.`,
        ],
      },
      {
        title: 'Oferta e preço',
        paragraphs: [
          'O anúncio traz as características do veículo, a situação dos papéis e o preço à vista, com tributos incluídos. O preço mostrado no resumo da compra é o preço cobrado.',
          'Cada veículo é único. Se duas pessoas tentarem comprar o mesmo ao mesmo tempo, uma consegue e a outra é avisada na hora; o que ela tiver reservado ou pago volta por inteiro.',
        ],
      },
      {
        title: 'Antes de fechar',
        paragraphs: [
          'Você vê um resumo com o veículo, o preço e a forma de pagamento, e pode corrigir qualquer engano antes de confirmar. Depois da compra, o contrato fica disponível na página da compra.',
        ],
      },
      {
        title: 'Pagamento',
        points: [
          `Pix: o código vale ${shop.pixMinutes} minutos. Pagamento que chegar depois do prazo é devolvido.`,
          'Saldo: usa o que você já tem na sua conta da loja.',
          'Crédito da loja: usa o limite aprovado para você.',
        ],
      },
      {
        title: 'Cancelamento',
        paragraphs: [
          'Enquanto a venda não for registrada, você cancela pela página da compra, sem custo. O saldo ou o crédito reservado é liberado na hora e o Pix pago é devolvido.',
          `A devolução do dinheiro acontece em até ${workingDays(shop.refundDays)}.`,
        ],
      },
      {
        title: 'Retirada',
        paragraphs: [
          `O veículo fica pronto em até ${workingDays(shop.pickupDays)} depois do pagamento, em ${shop.address}, ${shop.city}. Leve o código de retirada e um documento com foto.`,
        ],
      },
      {
        title: 'Desistência e garantia',
        paragraphs: [
          'Compras feitas pelo site podem ser desfeitas em até 7 dias depois do recebimento (artigo 49 do Código de Defesa do Consumidor). A garantia legal de 90 dias vale para todo veículo (artigo 26).',
        ],
      },
    ],
  }),

  withdrawal: (shop: Shop): LegalText => ({
    title: 'Desistir da compra',
    intro:
      'Comprou pelo site, pelo telefone ou por mensagem? Você tem 7 dias, contados de quando recebeu o veículo, para desistir sem explicar por quê.',
    sections: [
      {
        title: 'Como pedir',
        paragraphs: [
          `Escreva para ${shop.email} ou ligue para ${phone(shop.phone)}. Pedir dentro dos 7 dias basta; a devolução do carro pode acontecer depois.`,
        ],
      },
      {
        title: 'O que você recebe de volta',
        paragraphs: [
          `Tudo o que você pagou, pelo mesmo caminho do pagamento, em até ${workingDays(shop.refundDays)} depois que o veículo chega à loja. O transporte de volta é por nossa conta.`,
        ],
      },
      {
        title: 'O que acontece com o carro',
        paragraphs: [
          'Recebemos, conferimos a quilometragem e o estado, e cancelamos os documentos da venda. O uso normal nesses dias não reduz o que você recebe.',
        ],
      },
    ],
  }),

  warranty: (shop: Shop): LegalText => ({
    title: 'Garantia legal',
    intro: 'A lei dá 90 dias para reclamar de defeitos do veículo. Não é um favor da loja: é direito seu.',
    sections: [
      {
        title: 'O que ela cobre',
        paragraphs: [
          'Defeitos aparentes e de fácil constatação, em até 90 dias do recebimento. Para defeito oculto, o prazo começa quando ele aparece (artigo 26 do Código de Defesa do Consumidor).',
        ],
      },
      {
        title: 'Como usar',
        paragraphs: [
          `Escreva para ${shop.email} ou ligue para ${phone(shop.phone)} dizendo o que aconteceu e quando.`,
          'A loja tem 30 dias para resolver. Se não resolver, você escolhe: outro veículo, o dinheiro de volta ou abatimento no preço (artigo 18).',
        ],
      },
    ],
  }),

  privacy: (shop: Shop): LegalText => ({
    title: 'Privacidade',
    intro: 'O que guardamos sobre você, para quê, por quanto tempo e como você manda nisso.',
    sections: [
      {
        title: 'Quem responde',
        paragraphs: [
          `${shop.legalName}, CNPJ ${cnpj(shop.cnpj)}, é a controladora. Encarregado de dados: ${shop.dpoName}, ${shop.dpoEmail}.`,
        ],
      },
      {
        title: 'O que guardamos e para quê',
        points: [
          'Nome, CPF ou CNPJ, data de nascimento e endereço: para vender o veículo e emitir os documentos (contrato e obrigação legal).',
          'E-mail e telefone: para falar da sua compra e proteger a sua conta (contrato).',
          'Saldo, crédito e pagamentos: para cobrar e devolver certo (contrato e obrigação legal).',
          'Registros de acesso: para segurança (interesse legítimo).',
          'Ofertas: só se você autorizar, e você desautoriza quando quiser.',
        ],
      },
      {
        title: 'Por quanto tempo',
        paragraphs: [
          'Enquanto você tiver conta, e depois pelo tempo que a lei manda: registros de venda e fiscais. A página “Meus dados” da sua conta mostra o prazo de cada coisa.',
        ],
      },
      {
        title: 'Com quem dividimos',
        paragraphs: [
          'Com o banco que processa o Pix, com órgãos de trânsito e fiscais quando a lei exige, e com mais ninguém. A sua conta mostra cada entrega e quem leu seus dados.',
        ],
      },
      {
        title: 'Seus direitos',
        points: [
          'Ver e baixar tudo o que temos sobre você.',
          'Corrigir o que estiver errado.',
          'Retirar uma autorização.',
          'Apagar a conta. O que a lei manda guardar fica em arquivo fechado até o prazo acabar.',
        ],
      },
    ],
  }),

  cookies: (_shop: Shop): LegalText => ({
    title: 'Cookies',
    intro: 'Só usamos os necessários. Por isso não há aviso pedindo para você aceitar.',
    sections: [
      {
        title: 'Quais são',
        points: [
          'O cookie da sua sessão, depois que você entra: diz ao site que é você. Some quando você sai.',
          'Nenhum cookie de propaganda, de medição ou de outra empresa.',
        ],
      },
    ],
  }),

  dpo: (shop: Shop): LegalText => ({
    title: 'Encarregado de dados',
    intro: 'Quem responde sobre os seus dados pessoais (artigo 41 da LGPD).',
    sections: [
      {
        title: 'Fale com ele',
        paragraphs: [
          `${shop.dpoName}, ${shop.dpoEmail}.`,
          `Por carta: ${shop.legalName}, ${shop.address}, ${shop.city}.`,
        ],
      },
      {
        title: 'O que você pode resolver sozinho',
        paragraphs: [
          'Na sua conta, em “Meus dados”, você baixa uma cópia, corrige, retira autorizações, vê quem leu e apaga. O pedido é atendido em até 15 dias.',
        ],
      },
      {
        title: 'Se não resolvermos',
        paragraphs: ['Você pode reclamar à Autoridade Nacional de Proteção de Dados (ANPD).'],
      },
    ],
  }),

  accessibility: (shop: Shop): LegalText => ({
    title: 'Acessibilidade',
    intro:
      'Este site foi feito para funcionar com teclado, leitor de tela, zoom e sem scripts (artigo 63 da Lei Brasileira de Inclusão).',
    sections: [
      {
        title: 'O que fazemos',
        points: [
          'Seguimos as WCAG 2.2, nível AA: contraste, foco visível, alvos de toque grandes, textos alternativos.',
          'Toda compra pode ser feita só com o teclado, e cada mudança é anunciada a leitores de tela.',
          'Todo código QR tem o mesmo código em texto ao lado. Todo gráfico tem uma tabela.',
          'Tema escuro e movimento reduzido seguem o seu aparelho.',
        ],
      },
      {
        title: 'Encontrou uma barreira?',
        paragraphs: [
          `Conte para ${shop.email} ou ${phone(shop.phone)}: dizemos o que vai mudar e atendemos você por outro caminho enquanto isso.`,
        ],
      },
    ],
  }),
}
