/** Words that mean the same in a search, without accents and in small letters: whichever is typed finds the others too. */
const ALIKE: readonly (readonly string[])[] = [
  ['volkswagen', 'vw', 'volks'],
  ['chevrolet', 'gm', 'chevy'],
  ['mercedes', 'mb', 'mercedesbenz'],
  ['mitsubishi', 'mit'],
  ['branco', 'branca'],
  ['preto', 'preta'],
  ['vermelho', 'vermelha'],
  ['amarelo', 'amarela'],
  ['dourado', 'dourada'],
  ['roxo', 'roxa'],
  ['prata', 'prateado', 'prateada'],
  ['seda', 'sedan'],
  ['picape', 'pickup'],
  ['cupe', 'coupe'],
  ['hatch', 'hatchback'],
  ['perua', 'sw', 'station'],
  ['automatico', 'automatica', 'aut'],
]

/** Pairs of words that mean the same, each in both directions. */
export const SYNONYMS: readonly (readonly [typed: string, meant: string])[] = ALIKE.flatMap((words) =>
  words.flatMap((typed) => words.filter((meant) => meant !== typed).map((meant) => [typed, meant] as const)),
)
