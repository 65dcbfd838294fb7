/** How something stands, as the office draws it: a shape for each. */
export type StateName = 'going' | 'done' | 'undoing' | 'undone' | 'ended' | 'needs' | 'waits'
