const MOST_EMAIL = 320;
const TIME = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2}(\.\d{1,9})?)?(Z|[+-]\d{2}:\d{2})$/;

/** The formats that a text parameter can have. Each takes time in proportion to the text, whatever it holds. */
export const PARAMETER_FORMATS: Record<'uri' | 'email' | 'date-time', (text: string) => boolean> = {
	uri: (text) => /^[A-Za-z][A-Za-z0-9+.-]*:[^\s<>"{}|\\^`]+$/.test(text),
	email: (text) => {
		const [name = '', domain = '', ...more] = text.length > MOST_EMAIL ? [] : text.split('@');
		return more.length === 0 && /^\S+$/.test(name) && /^[^\s.]\S*\.[^\s.]+$/.test(domain);
	},
	'date-time': (text) => TIME.test(text) && !Number.isNaN(Date.parse(text)),
};
