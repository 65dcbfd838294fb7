/**
 * What keeps a process from its start, or a command from its end, and what a person can mend: the message names the thing,
 * says what is wrong with it and what to do. The program that starts something prints it as it is; a stack would only hide it.
 */
export class CannotStart extends Error {}
