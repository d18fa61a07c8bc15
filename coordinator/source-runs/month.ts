/** Calendar months, UTC, counted from January of the year 0. */
export const monthOf = (at: number): number => {
	const day = new Date(at);
	return day.getUTCFullYear() * 12 + day.getUTCMonth();
};

/** The first millisecond after a month. */
export const endOfMonth = (month: number): number => Date.UTC(Math.floor(month / 12), (month % 12) + 1, 1);

/** Such as 2026-11. */
export const monthName = (month: number): string =>
	`${String(Math.floor(month / 12)).padStart(4, '0')}-${String((month % 12) + 1).padStart(2, '0')}`;
