/** The twin of veiculo-service's account-store.ts in memory: nobody keeps the owner's books here. */
import type * as real from '../../services/veiculo-service/costs/account-store.ts'

export const findAccounts: typeof real.findAccounts = () => Promise.resolve([])
