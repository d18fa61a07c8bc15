/** By which a name is found: two that differ only in case, or in how their letters are composed, are one. */
export const nameKey = (name: string): string => name.normalize('NFKC').toLowerCase();
