/** In the place of cliente-service's catalogue-store.ts: the simulation shows buyers no catalogue, so there is nothing to free. */
import type * as real from '../../services/cliente-service/catalogue/catalogue-store.ts'

export const freeReturned: typeof real.freeReturned = () => {}
