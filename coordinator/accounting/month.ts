/** First millisecond of the month (UTC) so many months after the one in which the instant lies. */
export const monthsAfter = (at: number, months: number): number => {
	const day = new Date(at);
	return Date.UTC(day.getUTCFullYear(), day.getUTCMonth() + months, 1);
};

/** First millisecond of the calendar month (UTC) in which the instant lies, and of the one after. */
export const monthOf = (at: number): { start: number; next: number } => ({
	start: monthsAfter(at, 0),
	next: monthsAfter(at, 1),
});
