/**
 * An error that a person can mend, and that stops a process at its start or a command on its way. The message names the thing,
 * what is wrong with it and what to do. Programs print the message alone; a stack would only hide it.
 */
export class CannotStart extends Error {}
