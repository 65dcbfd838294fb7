/** The name under which identidade-service signs people's tokens, and where its keys are shown. */
export const IDENTITY_ISSUER = 'mercado-veiculo-identidade'
export const IDENTITY_SERVICE = 'identidade-service'
export const IDENTITY_KEYS_PATH = '/auth/jwks'
