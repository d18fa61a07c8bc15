let count = 0;
/** A new id of the right form. */
export const standInId = (prefix: string): string => {
	count += 1;
	return `${prefix}_${String(count).padStart(26, '0')}`;
};
