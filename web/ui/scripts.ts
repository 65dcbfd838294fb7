/** Whether scripts run: parts that need them are not shown without them. */
import { useSyncExternalStore } from 'react'

const never = () => () => {}

export const useScripts = (): boolean =>
  useSyncExternalStore(
    never,
    () => true,
    () => false,
  )
