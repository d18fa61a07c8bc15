/** Sockets that one person, and one address, may have open. */
export const MOST_SOCKETS_OF_USER = 20;
export const MOST_SOCKETS_OF_ADDRESS = 50;
/** A person's frame is a subscription; nothing larger has a meaning. Bytes. */
export const MOST_FRAME_BYTES = 64 * 1024;
/** Events that a person may send a second, and at once. */
export const EVENTS_A_SECOND = 50;
export const EVENTS_AT_ONCE = 100;
/** What waits in the socket for a screen that does not read; above it the screen is cut off and comes back afresh. */
export const MOST_BUFFERED_BYTES = 1024 * 1024;
/** Patches in one message; more than that is quicker read again. */
export const MOST_PATCHES = 1_000;
