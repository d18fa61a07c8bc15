// Apart from the messages: what runs a task needs these, and none of the schemas.

/** Most bytes of a task's result as JSON text, and how deep it may be nested. */
export const MAX_RESULT_BYTES = 65_536;
/** Most bytes of a settlement's outputs as JSON text, that is of their names and media types above all. */
export const MAX_OUTPUT_LIST_BYTES = 180 * 1024;
/** Most bytes of one settlement as JSON text: a message with it alone is still one that the coordinator takes (256 KiB). */
export const MAX_SETTLEMENT_BYTES = 250 * 1024;
export const MAX_RESULT_DEPTH = 80;
