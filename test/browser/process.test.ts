import type { Locator } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { TaskSummary } from '../../shared/protocol/task.ts';
import type { ManifestInput } from '../../shared/protocol/task-type.ts';
import { makeJpeg } from '../support/make-images.ts';
import { SeededRandom } from '../support/seeded-random.ts';
import { type RunningAgent, startAgent } from '../support/start-agent.ts';
import { type RunningCoordinator, startCoordinator } from '../support/start-coordinator.ts';
import { waitFor } from '../support/wait-for.ts';
import { tooWide, violations } from './axe.ts';
import { browserForTests, LOOKS, type Look, Portal } from './portal.ts';

/** A task type with a field of every kind. */
const STUDIO: ManifestInput = {
	name: 'studio',
	title: 'Studio',
	description: 'Has a setting of every kind.',
	category: 'images',
	routingKey: 'nobody.serves-this',
	command: ['true'],
	inputs: { mediaTypes: ['image/*'], min: 1, max: 9 },
	parameters: {
		type: 'object',
		required: ['name'],
		properties: {
			name: { type: 'string', title: 'Name', maxLength: 20, pattern: '^[a-z]+$', description: 'Small letters' },
			note: { type: 'string', title: 'Note', 'x-ui': { widget: 'textarea', placeholder: 'Anything' } },
			width: {
				type: 'integer',
				title: 'Width',
				minimum: 1,
				maximum: 4096,
				default: 120,
				'x-ui': { group: 'Size', unit: 'pixels' },
			},
			ratio: { type: 'number', title: 'Ratio', exclusiveMinimum: 0, 'x-ui': { group: 'Size' } },
			quality: {
				type: 'integer',
				title: 'Quality',
				minimum: 1,
				maximum: 100,
				default: 82,
				'x-ui': { widget: 'slider', group: 'Size' },
			},
			fit: { type: 'string', title: 'Fit', enum: ['inside', 'cover'], default: 'inside' },
			format: { type: 'string', title: 'Format', enum: ['jpeg', 'png'], 'x-ui': { widget: 'radio' } },
			strip: { type: 'boolean', title: 'Strip metadata', default: true },
			sizes: { type: 'array', title: 'Sizes', items: { type: 'integer' }, maxItems: 3 },
			marks: { type: 'array', title: 'Marks', items: { type: 'string', enum: ['a', 'b'] } },
			crop: {
				type: 'object',
				title: 'Crop',
				properties: { left: { type: 'integer', title: 'Left' } },
				required: ['left'],
			},
			extra: { title: 'Extra', 'x-ui': { advanced: true } },
			depth: { type: 'integer', title: 'Depth', 'x-ui': { advanced: true }, multipleOf: 8 },
		},
	},
};

const browser = browserForTests();
let coordinator: RunningCoordinator;
let agent: RunningAgent;
const ids: Record<string, string> = {};
beforeAll(async () => {
	coordinator = await startCoordinator();
	agent = await startAgent(coordinator);
	const { api } = coordinator;
	const random = new SeededRandom(21);
	for (const name of ['one.jpg', 'two.jpg'])
		ids[name] = (await api.upload(`/in/${name}`, await makeJpeg(random))).file.id;
	ids['three.txt'] = (await api.upload('/in/three.txt', 'words')).file.id;
	await api.post('/admin/task-types', STUDIO);
	await waitFor('all types to be known', async () => {
		const known = await Promise.all(
			Object.values(ids).map(
				async (id) => (await api.get<{ facts: { mimetype?: string } }>(`/files/${id}`)).facts.mimetype,
			),
		);
		return known.every((one) => one !== undefined);
	});
});
afterAll(async () => {
	await agent?.[Symbol.asyncDispose]();
	await coordinator?.[Symbol.asyncDispose]();
});

const address = (names: readonly string[], type?: string) =>
	`/process?files=${names.map((name) => ids[name]).join(',')}${type === undefined ? '' : `&type=${type}`}`;
const newest = async (type: string) =>
	(await coordinator.api.get<{ items: { id: string }[] }>(`/tasks?type=${type}&limit=1`)).items[0]?.id as string;
const alert = (portal: Portal) => portal.page.getByRole('region', { name: /settings? do(es)? not fit/ });

it('files are processed by keyboard only, from the list to the task', async () => {
	const portal = await Portal.open(browser(), coordinator, { at: null });
	const { page } = portal;
	const { keyboard } = page;
	const focused = () =>
		page.evaluate(() => {
			const at = document.activeElement as HTMLInputElement | null;
			const label = at?.labels?.[0]?.textContent ?? at?.getAttribute('aria-label') ?? at?.textContent ?? '';
			return at?.closest('[data-row]:focus') ? `row ${at.querySelector('a')?.textContent}` : label;
		});
	/** Tab until this has the focus; a page that cannot be gone through by Tab fails here. */
	const tabTo = async (wanted: RegExp) => {
		for (let tabs = 0; tabs < 60; tabs += 1) {
			if (wanted.test(await focused())) return;
			await keyboard.press('Tab');
		}
		throw new Error(`Tab does not lead to ${wanted}, but to ${await focused()}`);
	};
	await portal.go('/files/in');
	await portal.row('one.jpg').waitFor();
	await tabTo(/^row one\.jpg/);
	await keyboard.press('Space');
	await keyboard.press('Shift+ArrowDown');
	await keyboard.press('Shift+ArrowDown');
	await page.getByText('3 selected').waitFor();
	await keyboard.press('Shift+Tab');
	for (let tabs = 0; tabs < 30 && !/^Process…/.test(await focused()); tabs += 1) await keyboard.press('Shift+Tab');
	await keyboard.press('Enter');
	await page.getByRole('heading', { name: 'Process 3 files' }).waitFor();

	// A radio that is chosen by arrows, a number, a choice.
	await page.getByRole('radio', { name: /^Thumbnail/ }).waitFor();
	await tabTo(/^(MD5 checksum|File type)/);
	for (let arrows = 0; arrows < 8 && !/^Thumbnail/.test(await focused()); arrows += 1)
		await keyboard.press('ArrowDown');
	await page.getByRole('heading', { name: 'Settings' }).waitFor();
	await tabTo(/^Width/);
	await keyboard.type('0');
	await tabTo(/^Submit 2 tasks/);
	await keyboard.press('Enter');
	// The summary has the focus; Tab and Enter lead from it to the field.
	await alert(portal).waitFor();
	await waitFor('the focus on the summary', async () => /1 setting does not fit/.test(await focused()));
	await keyboard.press('Tab');
	await keyboard.press('Enter');
	await waitFor('the focus on the field', async () => /^Width/.test(await focused()));
	await keyboard.press('Control+A');
	await keyboard.type('64');
	await alert(portal).waitFor({ state: 'detached' });
	await tabTo(/^Fit/);
	await keyboard.press('ArrowDown');
	await tabTo(/^standard|\(yours\)/);
	await tabTo(/^Submit 2 tasks/);
	await keyboard.press('Enter');
	await portal.page.getByRole('heading', { name: 'Tasks', exact: true }).waitFor();
	const task = await coordinator.api.get<{ parameters: object; inputs: object[] }>(
		`/tasks/${await newest('thumbnail')}`,
	);
	expect(task.parameters).toMatchObject({ width: 64, fit: 'cover', format: 'jpeg' });
	expect(task.inputs).toHaveLength(1);
	expect(portal.faults).toEqual([]);
});

it('says what is left out, takes all files in one task or each, and writes the same for a script', async () => {
	const portal = await Portal.open(browser(), coordinator, { at: null });
	const { page } = portal;
	await portal.go(address(['one.jpg', 'two.jpg', 'three.txt'], 'studio'));
	await page.getByText('1 file is left out').waitFor();
	await portal.button('Submit 1 task').waitFor();
	await page.getByLabel('A task for each file').check();
	await portal.button('Submit 2 tasks').waitFor();
	await page.getByRole('textbox', { name: /^Name/ }).fill('ada');
	await page.getByText('The same from a script').click();
	const command = await page.getByRole('region', { name: 'Command line' }).textContent();
	expect(command).toBe(`millrace run studio /in/one.jpg /in/two.jpg --params '{"name":"ada"}' --each`);
	const call = await page.getByRole('region', { name: 'HTTP API' }).textContent();
	expect(JSON.parse(/-d '(.*)'$/.exec(call ?? '')?.[1] ?? '')).toEqual({
		tasks: ['one.jpg', 'two.jpg'].map((name) => ({
			...{ type: 'studio', inputs: [{ file: ids[name] }], parameters: { name: 'ada' } },
		})),
	});
	expect(await page.getByRole('radio', { name: /^Thumbnail/ }).isChecked()).toBe(false);
	expect(portal.faults).toEqual([]);
});

it('keeps the same values in the form and as JSON', async () => {
	const portal = await Portal.open(browser(), coordinator, { at: null });
	const { page } = portal;
	await portal.go(address(['one.jpg'], 'studio'));
	await page.getByRole('textbox', { name: /^Name/ }).fill('ada');
	await page.getByLabel(/^Width/).fill('7');
	await page.getByLabel('Strip metadata').click();
	await page.getByLabel(/^Sizes/).fill('1\n2');
	await page.getByLabel('Left').fill('3');
	await page.getByRole('tab', { name: 'JSON' }).click();
	const json = page.getByLabel('Settings as JSON');
	expect(JSON.parse(await json.inputValue())).toEqual({
		...{ name: 'ada', width: 7, strip: false, sizes: [1, 2], crop: { left: 3 } },
	});
	await json.fill('{"name": "bob",\n"width": }');
	await page.getByText('is not JSON: see line 2').waitFor();
	await portal.button('Submit 1 task').click();
	await alert(portal).getByText('The JSON is not JSON').waitFor();
	await json.fill('{"name": "bob", "depth": 7}');
	await portal.button('Submit 1 task').click();
	// The field is behind “More settings” of the other tab; the link opens both.
	await alert(portal)
		.getByRole('button', { name: /^Depth must be a multiple of 8/ })
		.click();
	await waitFor('the focus on the field', () =>
		page.evaluate(() => document.activeElement?.id.endsWith('-depth') ?? false),
	);
	expect(await page.getByLabel('Depth').inputValue()).toBe('7');
	expect(await page.getByRole('textbox', { name: /^Name/ }).inputValue()).toBe('bob');
	await page.getByLabel('Depth').fill('16');
	await page.getByLabel('Extra').fill('{"a":');
	await page.getByText('Is not JSON yet: its end is missing', { exact: true }).waitFor();
	await page.getByLabel('Extra').fill('{"a": 1}');
	await portal.button('Submit 1 task').click();
	await page.waitForURL(/\/tasks\/tsk_/);
	const { parameters } = await coordinator.api.get<{ parameters: object }>(`/tasks/${await newest('studio')}`);
	expect(parameters).toEqual({
		name: 'bob',
		depth: 16,
		extra: { a: 1 },
		width: 120,
		quality: 82,
		fit: 'inside',
		strip: true,
	});
	expect(portal.faults).toEqual([]);
});

it('what the server refuses is told at the field, and a file that is gone by its name', async () => {
	const portal = await Portal.open(browser(), coordinator, { at: null });
	const { page } = portal;
	let fields = [{ path: 'tasks[0].parameters.width', message: 'must be an even prime' }];
	await portal.go(address(['one.jpg', 'two.jpg'], 'thumbnail'));
	await page.getByLabel(/^Width/).fill('50');
	await page.route('**/api/v1/tasks:batch', (route) =>
		route.fulfill({
			status: 422,
			contentType: 'application/problem+json',
			json: { code: 'batch-invalid', status: 422, title: 'x', detail: 'No.', fields },
		}),
	);
	await portal.button('Submit 2 tasks').click();
	await alert(portal).getByText('Width must be an even prime').click();
	await waitFor('the focus on the field', () =>
		page.evaluate(() => document.activeElement?.id.endsWith('-width') ?? false),
	);
	const described = await page.evaluate(() =>
		(document.activeElement?.getAttribute('aria-describedby') ?? '')
			.split(' ')
			.map((id) => document.getElementById(id)?.textContent)
			.join(' | '),
	);
	expect(described).toContain('Must be an even prime');
	expect(described).toContain('default 120');
	await page.getByLabel(/^Width/).fill('51');
	fields = [{ path: 'tasks[1].inputs[0]', message: 'does not exist' }];
	await portal.button('Submit 2 tasks').click();
	await page.getByRole('alert').getByText('two.jpg does not exist').waitFor();
	expect(portal.faults).toEqual([]);
});

it('starts by itself on uploads, on a schedule and over a folder, and makes nothing twice', async () => {
	const portal = await Portal.open(browser(), coordinator, { at: null });
	const { page } = portal;
	const { api } = coordinator;
	const choose = (name: string) => page.getByRole('radio', { name, exact: true }).check();
	const missing = page.getByRole('region', { name: /missing$/ });
	await portal.go(address(['one.jpg'], 'resize'));
	await page.getByLabel(/^Width/).fill('64');
	await page.getByLabel('Outputs', { exact: true }).selectOption('folder');
	await choose('On upload to a folder');
	await page.getByText('This makes two things').waitFor();
	await page.getByText('When a file comes or changes in /in or below').waitFor();
	await page.getByLabel('Only files of these kinds').fill('image/*');
	await page.getByLabel('Folder that is watched').fill('/new');
	await page.getByLabel('Name of the recipe').fill('');
	await portal.button('Start on every upload').click();
	await missing.getByRole('button', { name: 'Give the recipe a name' }).click();
	await page.keyboard.type('image basics');
	await page.getByText('Another recipe has that name').waitFor();
	await page.getByLabel('Name of the recipe').fill('Small');
	await missing.waitFor({ state: 'detached' });
	// What was chosen is in the address.
	await page.waitForURL(
		({ searchParams: chosen }) =>
			[chosen.get('when'), chosen.get('results'), chosen.get('watch'), chosen.get('settings')].join() ===
			'upload,/results,/new,{"width":64}',
	);
	await page.reload();
	expect(await page.getByLabel('Folder of the outputs').inputValue()).toBe('/results');
	expect(await page.getByLabel(/^Width/).inputValue()).toBe('64');
	await page.getByLabel('Name of the recipe').fill('Small');
	await portal.button('Start on every upload').click();
	const made = page.getByRole('region', { name: 'It starts by itself from now on' });
	await made.waitFor();
	// The same once more, in other words of the same address.
	await page.reload();
	await page.getByLabel('Name of the recipe').fill('small');
	await page.getByText('There is one of that name which does the same').waitFor();
	await portal.button('Start on every upload').click();
	await made.getByRole('link', { name: 'Its trigger' }).click();
	await waitFor('the focus on the triggers', () => page.evaluate(() => document.activeElement?.id === 'triggers'));
	const { items } = await api.get<{ items: { id: string; name: string }[] }>('/recipes');
	expect(items.map(({ name }) => name).sort()).toEqual(['Image basics', 'Small']);
	const small = items.find(({ name }) => name === 'Small')?.id;
	const triggers = await api.get<{ items: object[] }>(`/triggers?recipe=${small}`);
	expect(triggers.items).toMatchObject([{ folder: '/new', mediaTypes: ['image/*'], recursive: true }]);
	const upload = await api.upload('/new/four.jpg', await makeJpeg(new SeededRandom(4)));
	expect(upload.tasks.map(({ type }) => type)).toContain('resize');

	// Two files for a type that takes one: a recipe of its own, which the schedule runs.
	await portal.go(address(['one.jpg', 'two.jpg'], 'md5'));
	await choose('On a schedule');
	await page.getByLabel('Name of the schedule and its recipe').fill('Mornings');
	await page.getByText('The next three times').waitFor();
	await page.getByText('it runs the recipe on each of the 2 files, as they are then').waitFor();
	await portal.button('Make the schedule').click();
	await page.getByRole('heading', { name: 'Mornings' }).waitFor();

	await portal.go('/files');
	await portal.button('Acts on in').click();
	await page.getByRole('menuitem', { name: 'Process…' }).click();
	await page.getByRole('heading', { name: 'Process the folder /in' }).waitFor();
	await page.getByRole('radio', { name: /^Thumbnail/ }).check();
	await page.getByText(/^3 files, 2 tasks/).waitFor();
	await page.getByText('1 left out: thumbnail is not for text/plain').waitFor();
	await portal.button('Save as recipe…').click();
	await page.getByRole('dialog').getByLabel('Name').fill('Thumbs');
	await portal.button('Save the recipe').click();
	await page.getByRole('link', { name: 'Thumbs' }).waitFor();
	await portal.button('Start the job').click();
	await page.waitForURL(/\/jobs\/job_/);
	expect(portal.faults).toEqual([]);
});

it('works on datasets and without files, with secrets, and does again what a task did', async () => {
	const portal = await Portal.open(browser(), coordinator, { at: null });
	const { page } = portal;
	const { api } = coordinator;
	await portal.go('/process?dataset=sample-images&path=/shapes&type=resize');
	await page.getByText(/^of the dataset /).waitFor();
	await page.getByLabel(/^Width/).fill('32');
	await page.getByText(/^\d+ files, \d+ tasks/).waitFor();
	await portal.button('Start the job').click();
	await page.waitForURL(/\/jobs\/job_/);
	// A job makes its tasks behind the answer.
	const input = await waitFor('the job’s first task', async () => {
		const { items } = await api.get<{ items: TaskSummary[] }>('/tasks?type=resize&limit=1');
		return items[0]?.inputs.find(({ path }) => path?.startsWith('/shapes/'));
	});
	expect(input).toMatchObject({ file: null });

	// A secret that is made on the way is chosen at once, and its value is nowhere on the page.
	await portal.go('/process?without=files&type=fetch');
	await page.getByLabel(/^Address/).fill('https://example.org/');
	await portal.button(/^New secret…/).click();
	const dialog = page.getByRole('dialog');
	await dialog.getByLabel('Name').fill('example');
	await dialog.getByRole('textbox', { name: 'Value' }).fill('Bearer hush-hush');
	await portal.button('Keep the secret').click();
	await dialog.waitFor({ state: 'detached' });
	await page.getByText('The same from a script').click();
	await page.getByText('--secret authorization=example').waitFor();
	expect(await page.content()).not.toContain('hush-hush');
	await portal.go('/account');
	await portal.button('Replace the secret example').click();
	await dialog.getByRole('textbox', { name: 'New value' }).fill('Bearer other');
	await portal.button('Replace the value').click();
	await portal.button('Delete the secret example').click();
	await dialog.getByRole('button', { name: 'Delete the secret' }).click();
	await page.getByText('No secrets yet.').waitFor();
	expect(await api.get('/secrets')).toMatchObject({ items: [] });

	const { id } = await api.post<{ id: string }>('/tasks', {
		...{ type: 'resize', inputs: [{ file: ids['one.jpg'] }], parameters: { width: 20 } },
	});
	await portal.go(`/tasks/${id}`);
	await page.getByRole('link', { name: 'Edit and run…' }).click();
	await page.getByRole('heading', { name: 'Resize a picture again' }).waitFor();
	await page.getByLabel(/^Width/).fill('21');
	await page.getByRole('radio', { name: 'As they are now' }).check();
	await page.getByText('The same from a script').click();
	await page.getByText(`millrace again ${id} --param width=21 --newest`).waitFor();
	await portal.button('Run again').click();
	await page.waitForURL((url) => url.pathname.startsWith('/tasks/') && !url.pathname.endsWith(id));
	const again = await api.get<{ parameters: object; origin: object }>(`/tasks/${await newest('resize')}`);
	expect(again).toMatchObject({ parameters: { width: 21 }, origin: { cause: 'again' } });
	expect(portal.faults).toEqual([]);
});

it('is reached from the details of a file, and says when there is nothing to process', async () => {
	const portal = await Portal.open(browser(), coordinator, { at: null });
	await portal.go(`/files/in?file=${ids['one.jpg']}`);
	await portal.page.getByRole('link', { name: 'Process…' }).click();
	await portal.page.getByRole('heading', { name: 'Process 1 file' }).waitFor();
	await portal.go('/process');
	await portal.page.getByRole('heading', { name: 'No files are chosen' }).waitFor();
	await portal.go(`/process?files=fil_${'0'.repeat(26)}`);
	await portal.page.getByRole('heading', { name: 'These files are not there' }).waitFor();
	await portal.go('/process?selection=nope');
	await portal.page.getByRole('heading', { name: 'These files are not there' }).waitFor();
	expect(portal.faults).toEqual([]);
});

/** The narrowest is a page at 400 %; what is done is done there, where there is the least room for it. */
const NARROWEST: Look = { colorScheme: 'light', width: 320 };
const EVERY_LOOK = [...LOOKS, NARROWEST];

/** Looks in every look for what breaks WCAG or is too wide, and takes pictures where they are wanted. */
const looking = (portal: Portal) => {
	const { page } = portal;
	const found: string[] = [];
	const look = async (name: string, sign: Locator, more: () => Promise<string[]> = async () => []) => {
		for (const { colorScheme, width } of EVERY_LOOK) {
			await portal.look({ colorScheme, width });
			await sign.waitFor();
			// As high as the page: what lies under the header or the tabs is not too small, but hidden for now.
			const height = await page.evaluate(() => document.documentElement.scrollHeight);
			await page.setViewportSize({ width, height: Math.max(860, height) });
			const faults = await violations(portal);
			const wide = await tooWide(portal);
			if (wide > 0) faults.push(`${wide} pixels too wide`);
			const folder = process.env.MILLRACE_SCREENSHOTS;
			if (folder)
				await page.screenshot({ path: `${folder}/process-${name}-${colorScheme}-${width}.png`, fullPage: true });
			await page.setViewportSize({ width, height: 860 });
			faults.push(...(await more()));
			found.push(...faults.map((fault) => `${name}, ${colorScheme}, ${width}: ${fault}`));
		}
	};
	return { found, look };
};

it('nothing breaks WCAG 2.2 AA or scrolls sideways, empty, filled, wrong, or as JSON', async () => {
	const portal = await Portal.open(browser(), coordinator, { ...NARROWEST, at: null });
	const { page } = portal;
	const { found, look } = looking(portal);
	// The bar of the list that leads here has three acts.
	await portal.go('/files/in');
	await page.getByRole('checkbox', { name: /Select all/ }).check();
	await look('bar', portal.button('Process…'));
	await portal.go('/process');
	await look('none', page.getByRole('heading', { name: 'No files are chosen' }));
	await portal.go(address(['one.jpg', 'two.jpg', 'three.txt']));
	const studio = page.getByRole('radio', { name: /^Studio/ });
	await look('types', studio);
	await studio.check();
	await page.getByText(/\(yours\)/).waitFor();
	await page.getByText('More settings').click();
	await page.getByText('The same from a script').click();
	await look('form', page.getByLabel('Depth'));
	await page.getByLabel(/^Width/).fill('none');
	await portal.button(/^Submit/).click();
	await look('wrong', alert(portal), async () => {
		await alert(portal)
			.getByRole('button', { name: /^Width/ })
			.click();
		await waitFor('the focus on the field', () =>
			page.evaluate(() => document.activeElement?.id.endsWith('-width') ?? false),
		);
		// Neither the header nor the tabs lie over what has the focus.
		const isSeen = await page.evaluate(() => {
			const { x, y, width, height } = (document.activeElement as HTMLElement).getBoundingClientRect();
			return document.elementFromPoint(x + width / 2, y + height / 2) === document.activeElement;
		});
		return isSeen ? [] : ['the field that has the focus is hidden'];
	});
	await page.getByRole('tab', { name: 'JSON' }).click();
	const json = page.getByLabel('Settings as JSON');
	await json.fill('{');
	await look('json', json);
	expect(found).toEqual([]);
	expect(portal.faults).toEqual([]);
});

it('nor where it starts by itself, needs a secret, or is done again', async () => {
	const portal = await Portal.open(browser(), coordinator, { ...NARROWEST, at: null });
	const { page } = portal;
	const { found, look } = looking(portal);
	const choose = (name: string) => page.getByRole('radio', { name, exact: true }).check();
	await portal.go(address(['one.jpg'], 'resize'));
	await choose('On upload to a folder');
	await page.getByLabel(/^Width/).fill('9');
	await page.getByLabel('Outputs', { exact: true }).selectOption('folder');
	await page.getByLabel('Name of the recipe').fill('');
	await portal.button('Start on every upload').click();
	await page.getByRole('region', { name: /missing$/ }).waitFor();
	await look('upload', page.getByText(/would fit/));
	await portal.go('/process?without=files&type=fetch&when=schedule');
	await page.getByText(/\(yours\)/).waitFor();
	await look('schedule', page.getByText('The next three times'));
	await portal.go(`/process?again=${await newest('md5')}`);
	await look('again', page.getByRole('heading', { name: 'MD5 checksum again' }));
	expect(found).toEqual([]);
	expect(portal.faults).toEqual([]);
});
