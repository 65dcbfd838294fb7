/** The words for changing an account's e-mail, and for claiming a record that the shop has. */
export const contact = {
  email: {
    title: 'Trocar o e-mail',
    intro: 'Mandamos um código para o endereço novo. O antigo é avisado da troca.',
    now: (email: string) => `Hoje a sua conta usa ${email}.`,
    fresh: 'E-mail novo',
    ask: 'Mandar código',
    askBusy: 'Mandando…',
    sent: 'Se o endereço pode ser usado, um código está a caminho. Ele vale por 10 minutos.',
    code: 'Código de 6 dígitos',
    set: 'Trocar o e-mail',
    setBusy: 'Trocando…',
    wrong: 'O código não confere ou venceu.',
    stale: 'Para trocar o e-mail, saia e entre de novo.',
    change: 'Trocar o e-mail',
  },
  claim: {
    intro:
      'O CPF, CNPJ ou e-mail que você informou já está no balcão. Se a loja conferiu um e-mail seu lá, mandamos um código para ele, e o cadastro passa para esta conta.',
    document: 'CPF ou CNPJ do cadastro',
    ask: 'Mandar código',
    askBusy: 'Mandando…',
    sent: 'Se há um cadastro com este documento e um e-mail conferido na loja, um código está a caminho. Depois de uma troca de e-mail, só depois de 72 horas.',
    code: 'Código de 6 dígitos',
    set: 'Ligar o cadastro',
    setBusy: 'Ligando…',
    wrong: 'O código ou o documento não confere.',
    gone: 'Este cadastro não pode ser ligado agora. Fale com a loja.',
    fault: 'Confira os números.',
  },
}
