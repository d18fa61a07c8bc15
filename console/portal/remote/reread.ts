/** For what no live update tells of: it is read again when one comes back to it, to the page or to the window. */
export const REREAD_ON_FOCUS = { staleTime: 2_000, refetchOnWindowFocus: true } as const;
