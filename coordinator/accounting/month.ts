/** First millisecond of the calendar month (UTC) in which the instant lies, and of the one after. */
export const monthOf = (at: number): { start: number; next: number } => {
	const day = new Date(at);
	const year = day.getUTCFullYear();
	const month = day.getUTCMonth();
	return { start: Date.UTC(year, month, 1), next: Date.UTC(year, month + 1, 1) };
};
