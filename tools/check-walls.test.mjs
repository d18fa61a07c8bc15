import { expect, test } from 'vitest';
import { circlesIn, unusedReferences } from './check-walls.mjs';

const config = (references, more = {}) =>
	JSON.stringify({
		include: ['**/*.ts'],
		exclude: ['**/*.test.ts'],
		references: references.map((path) => ({ path })),
		...more,
	});
const unusedIn = (files) => unusedReferences(Object.keys(files), (path) => files[path]);

/** Two rooms, and a door that may import both. */
const house = (doorText, more = {}) => ({
	'tsconfig.json': config(['rooms/queue', 'rooms/files', 'doors/http'], { include: undefined, files: [] }),
	'rooms/queue/tsconfig.json': config([]),
	'rooms/queue/lease.ts': 'export const lease = 1;\n',
	'rooms/files/tsconfig.json': config([]),
	'rooms/files/blob.ts': 'export const blob = 1;\n',
	'doors/http/tsconfig.json': config(['../../rooms/queue', '../../rooms/files']),
	'doors/http/routes/one.ts': doorText,
	...more,
});

const FILES_UNUSED = [
	'doors/http/tsconfig.json refers to rooms/files, and imports nothing of it: delete the reference',
];

test('a reference through which something is imported is used, whichever way it is imported', () => {
	const queue = "import { lease } from '../../../rooms/queue/lease.ts';\n";
	for (const files of [
		"import '../../../rooms/files/blob.ts';\n",
		"export { blob } from '../../../rooms/files/blob.ts';\n",
		"import {\n\ttype Blob,\n} from '../../../rooms/files/blob.ts';\n",
		"const { blob } = await import('../../../rooms/files/blob.ts');\n",
		"type Blob = typeof import('../../../rooms/files/blob.ts');\n",
	]) {
		expect(unusedIn(house(queue + files)), files).toEqual([]);
	}
});

test('a reference through which nothing is imported is found', () => {
	expect(unusedIn(house("import { lease } from '../../../rooms/queue/lease.ts';\n"))).toEqual(FILES_UNUSED);
});

test('what only a test imports, or another folder, does not count', () => {
	const text = "import { lease } from '../../../rooms/queue/lease.ts';\n";
	const files = "import { blob } from '../../../rooms/files/blob.ts';\n";
	expect(unusedIn(house(text, { 'doors/http/routes/one.test.ts': files }))).toEqual(FILES_UNUSED);
	expect(unusedIn(house(text, { 'doors/tus/routes/two.ts': files }))).toEqual(FILES_UNUSED);
	const within = { 'rooms/files/blob.ts': "import { sum } from './sum.ts';\n", 'rooms/files/sum.ts': '' };
	expect(unusedIn(house(text, within))).toEqual(FILES_UNUSED);
});

test('a reference to a folder that is not there is found', () => {
	const files = house("import { lease } from '../../../rooms/queue/lease.ts';\n");
	delete files['rooms/files/tsconfig.json'];
	expect(unusedIn(files)).toEqual(FILES_UNUSED);
});

test('folders that import each other are found, however long the way round', () => {
	const screens = (more = {}) => ({
		'screens/nodes/list.ts': "import { keys } from '../keys/keys.ts';\n",
		'screens/live/sync.ts': "import { list } from '../nodes/list.ts';\n",
		'screens/keys/keys.ts': '',
		'screens/app.ts': "import './live/sync.ts';\n",
		...more,
	});
	const circles = (files) => circlesIn('screens', Object.keys(files), (path) => files[path]);
	expect(circles(screens())).toEqual([]);
	const back = "import { sync } from '../live/sync.ts';\n";
	expect(
		circles(screens({ 'screens/keys/keys.test.ts': back, 'screens/nodes/app.ts': "import '../app.ts';\n" })),
	).toEqual([]);
	expect(circles(screens({ 'screens/keys/more.ts': back }))).toEqual([
		'screens/nodes/list.ts imports screens/keys/keys.ts, which leads back: a circle of folders',
		'screens/live/sync.ts imports screens/nodes/list.ts, which leads back: a circle of folders',
		'screens/keys/more.ts imports screens/live/sync.ts, which leads back: a circle of folders',
	]);
});
