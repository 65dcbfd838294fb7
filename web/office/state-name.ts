/** The states that the office draws, each with a shape of its own. */
export type StateName = 'going' | 'done' | 'undoing' | 'undone' | 'ended' | 'needs' | 'waits'
