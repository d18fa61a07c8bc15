const mark = (word: string): string => (word === '#' ? 'c' : word === '*' ? 'b' : 'a');

/** The more special a binding key, the smaller. */
export const rankOf = (key: string): string => `${key.split('.').map(mark).join('')}~`;

/** Matches routing keys with a dot at their end. */
export const asRegExp = (binding: string): RegExp =>
	new RegExp(
		`^${binding
			.split('.')
			.map((word) => (word === '#' ? '([^.]+\\.)*' : word === '*' ? '[^.]+\\.' : `${word}\\.`))
			.join('')}$`,
	);
