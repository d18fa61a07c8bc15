/** True under `npm run chaos`, where fault tests run in their long form. */
export const IS_LONG = process.env.MILLRACE_CHAOS === 'long';

/** A number of rounds: small in `npm test`, large in `npm run chaos`. */
export const rounds = (short: number, long: number): number => (IS_LONG ? long : short);
