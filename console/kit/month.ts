/** A calendar month in UTC, as in the address: `2026-03`. */
export const currentMonth = (now = Date.now()): string => new Date(now).toISOString().slice(0, 7);

/** The month of an address; this one for what is none, or has not begun. */
export const monthOfUrl = (text: string, now = Date.now()): string =>
	/^20\d\d-(0[1-9]|1[0-2])$/.test(text) && text <= currentMonth(now) ? text : currentMonth(now);

const startOf = (month: string, more = 0): Date => {
	const [year = 0, number = 1] = month.split('-').map(Number);
	return new Date(Date.UTC(year, number - 1 + more, 1));
};

/** So many months later, or earlier. */
export const monthAfter = (month: string, more: number): string => startOf(month, more).toISOString().slice(0, 7);

export const monthInWords = (month: string): string =>
	startOf(month).toLocaleDateString('en-GB', { month: 'long', year: 'numeric', timeZone: 'UTC' });

/** Its first moment, and that of the next one. */
export const periodOfMonth = (month: string): { from: string; to: string } => ({
	from: startOf(month).toISOString(),
	to: startOf(month, 1).toISOString(),
});

/** `2026-03-01` and so on; of a month that goes on, up to today. */
export const daysOf = (month: string, now = Date.now()): string[] => {
	const end = Math.min(startOf(month, 1).getTime(), now);
	const days: string[] = [];
	for (let at = startOf(month).getTime(); at < end; at += 86_400_000) {
		days.push(new Date(at).toISOString().slice(0, 10));
	}
	return days;
};

/** `3 Mar` */
export const dayInWords = (day: string): string =>
	new Date(`${day}T00:00:00Z`).toLocaleDateString('en-GB', { day: 'numeric', month: 'short', timeZone: 'UTC' });
