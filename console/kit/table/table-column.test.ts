import { expect, test } from 'vitest';
import { sorted, sortingOf, sortingText, type TableColumn } from './table-column.ts';
import { tableCsv } from './table-csv.ts';

interface Node {
	name: string;
	slots: number | null;
}
const columns: TableColumn<Node>[] = [
	{ name: 'name', head: 'Name', cell: ({ name }) => name, value: ({ name }) => name },
	{ name: 'slots', head: 'Slots', cell: ({ slots }) => slots, value: ({ slots }) => slots, isNumber: true },
	{ name: 'acts', head: '', cell: () => 'Drain' },
];
const rows = [
	{ name: 'node-10', slots: 4 },
	{ name: 'node-9', slots: null },
	{ name: '=cmd', slots: 16 },
];
const names = (by: string) => sorted(rows, columns, sortingOf(by)).map(({ name }) => name);

test('rows are sorted as people read names and numbers, those without a value last', () => {
	expect(names('name')).toEqual(['=cmd', 'node-9', 'node-10']);
	expect(names('slots')).toEqual(['node-10', '=cmd', 'node-9']);
	expect(names('-slots')).toEqual(['=cmd', 'node-10', 'node-9']);
	expect([names(''), names('acts'), names('nothing')]).toEqual(Array(3).fill(rows.map(({ name }) => name)));
	expect(sortingText({ column: 'slots', isDescending: true })).toBe('-slots');
});

test('CSV has what has a value, and runs nothing in a spreadsheet', () => {
	expect(tableCsv(rows, columns)).toBe("Name,Slots\r\nnode-10,4\r\nnode-9,\r\n'=cmd,16\r\n");
});
