/** A dependency of `@peculiar/x509` refuses to load without these; the tests use none of them. */
Object.assign(Reflect, {
  getMetadata: () => undefined,
  getOwnMetadata: () => undefined,
  hasOwnMetadata: () => false,
  defineMetadata: () => {},
  metadata: () => () => {},
})
