/** `@peculiar/x509` stands on a container that refuses to load without these; it uses none of them for what is done here. */
Object.assign(Reflect, {
  getMetadata: () => undefined,
  getOwnMetadata: () => undefined,
  hasOwnMetadata: () => false,
  defineMetadata: () => {},
  metadata: () => () => {},
})
