/** The server's facts about a request, for every page: the settings, and the browser's address. */
import { createContext, type RouterContextProvider } from 'react-router'
import type { Settings } from './settings.ts'

export interface Visit {
  readonly settings: Settings
  /** The browser's address, for the services' rate limits and the access log. */
  readonly address: string
}

/** A request as loaders and actions are given it. */
export interface Asked {
  readonly request: Request
  readonly context: Readonly<RouterContextProvider>
}

export const visitContext = createContext<Visit>()

export const settingsOf = (context: Readonly<RouterContextProvider>): Settings => context.get(visitContext).settings
