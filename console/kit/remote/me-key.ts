/** Who is signed in, in the query cache. */
export const ME_KEY = ['me'] as const;
