/** Names that have broken drives before: reserved in addresses, in Unicode in two spellings, as long as can be, reserved on Windows. */
const KNOWN = [
	...[
		'what?.txt',
		'half#.txt',
		'100%.txt',
		'%41.txt',
		'%2e%2e',
		'%25',
		'a+b.txt',
		'a b.txt',
		' leading',
		'trailing ',
		'a&b=c;d.txt',
	],
	...[
		'"quoted".txt',
		"it's.txt",
		'<tag>.txt',
		'pipe|pipe',
		'star*.txt',
		'colon:colon',
		'back\\slash',
		'dot.',
		'..dots',
		'...',
		'~tilde~',
	],
	...[
		'[brackets]',
		'{braces}',
		'^caret`',
		'$HOME',
		'!bang',
		'@at',
		',comma',
		'=equals',
		'-dash',
		'--help',
		'.hidden',
		'#',
		'?',
		'%',
	],
	...[
		'CON',
		'NUL.txt',
		'aux',
		'COM1.log',
		'LPT9',
		'desktop.ini.txt',
		'con.con',
		'résumé.txt',
		'日本語.txt',
		'العربية.txt',
		'👩‍👩‍👧.txt',
	],
	...['Ω', 'ß', 'ı', 'İ', 'ﬁ', '\u200bzero', 'a\u0301bc'.normalize('NFC'), 'ö'.normalize('NFC'), '가'.normalize('NFC')],
	...['x'.repeat(255), 'é'.repeat(127), '語'.repeat(85), '😀'.repeat(63), `${'y'.repeat(251)}.txt`],
];
const PARTS = [
	'a',
	'B',
	'1',
	' ',
	'.',
	'?',
	'#',
	'%',
	'+',
	'&',
	'%20',
	'%2F',
	'é',
	'日',
	'😀',
	'(',
	')',
	"'",
	'"',
	';',
	',',
	'=',
];

/** So many different names, each of at most 255 bytes; in NFC, as they are kept. */
export const oddNames = (count: number, pick: (parts: readonly string[]) => string): string[] => {
	const names = new Set<string>(KNOWN);
	while (names.size < count) {
		const name = Array.from({ length: 1 + (names.size % 12) }, () => pick(PARTS)).join('');
		if (!/^\.{1,2}$/.test(name)) names.add(`${names.size}${name}`);
	}
	return [...names].slice(0, count);
};
