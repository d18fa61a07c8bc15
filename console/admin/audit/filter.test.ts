import { expect, test } from 'vitest';
import { type AuditFilter, commandOf, isFiltered, queryOf } from './filter.ts';

const EMPTY: AuditFilter = { who: '', what: '', object: '', outcome: '', text: '', within: '', from: '', to: '' };

test('an empty filter asks for everything', () => {
	expect(queryOf(EMPTY, '', 0)).toEqual({});
	expect(isFiltered(EMPTY)).toBe(false);
	expect(commandOf(EMPTY)).toBe('millrace admin audit list');
});

test('what is chosen is asked for', () => {
	const filter = { ...EMPTY, who: 'ada', what: 'queue.*', outcome: 'refused', text: "it's", within: '24h' };
	expect(queryOf(filter, 'usr_1', Date.UTC(2030, 0, 2))).toEqual({
		...{ actor: 'usr_1', action: 'queue.*', outcome: 'refused', text: "it's", from: '2030-01-01T00:00:00.000Z' },
	});
	expect(commandOf(filter)).toBe(
		`millrace admin audit list --by ada --action 'queue.*' --text 'it'\\''s' --from 24h --refused`,
	);
	expect(isFiltered(filter)).toBe(true);
});

test('times that are none are left out, also those from an address that somebody wrote', () => {
	const between = { ...EMPTY, within: 'between', from: '2030-01-01T10:00', to: 'soon' };
	expect(queryOf(between, '', 0)).toEqual({ from: new Date('2030-01-01T10:00').toISOString() });
	expect(queryOf({ ...EMPTY, within: 'toString', outcome: 'perhaps' }, '', 0)).toEqual({});
});
