/** A mail as it is to be sent. */
export interface MailWords {
	subject: string;
	body: string;
}

interface Told {
	title: string;
	text: string;
}

const MOST_SUBJECT = 150;
const MOST_BODY = 64 * 1024;
const oneLine = (text: string): string => text.replace(/[\p{Cc}\u2028\u2029]+/gu, ' ').trim();

/** One mail for all that has changed at once. `place`: which coordinator it is. */
export const alertMail = (told: readonly Told[], place: string): MailWords => {
	const [first] = told;
	const what = told.length === 1 && first ? first.title : `${told.length} checks have changed`;
	const parts = told.map(({ title, text }) => `${oneLine(title)}\n  ${oneLine(text)}\n`);
	const end = `All checks: millrace doctor\nWhere mails go: millrace admin mail show\n`;
	return {
		subject: oneLine(`Millrace: ${what} (${place})`).slice(0, MOST_SUBJECT),
		body: `${parts.join('\n').slice(0, MOST_BODY)}\nThe coordinator: ${oneLine(place)}\n${end}`,
	};
};
