/** Whether scripts run: what does nothing without them is not shown without them. */
import { useSyncExternalStore } from 'react'

const never = () => () => {}

export const useScripts = (): boolean =>
  useSyncExternalStore(
    never,
    () => true,
    () => false,
  )
