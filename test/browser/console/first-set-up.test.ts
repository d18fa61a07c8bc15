import { writeFileSync } from 'node:fs';
import { expect, it, onTestFinished } from 'vitest';
import { makeJpeg } from '../../support/make-images.ts';
import { builtFile } from '../../support/repository.ts';
import { SeededRandom } from '../../support/seeded-random.ts';
import { startAgent } from '../../support/start-agent.ts';
import { TempFolder } from '../../support/temp-folder.ts';
import { TestProcess } from '../../support/test-process.ts';
import { browserForTests, Portal } from '../portal.ts';
import { consolePath } from './console.ts';

const ADA = { username: 'ada', password: 'a password of some length' };

const browser = browserForTests();

/** A coordinator on an empty folder, as somebody starts it who has just installed it. */
const startFresh = () => {
	const folder = new TempFolder();
	const command = [builtFile('coordinator/main.js'), 'start', '--port', '0', '--data', folder.join('data')];
	const coordinator = new TestProcess('coordinator', [process.execPath, ...command]);
	onTestFinished(async () => {
		await coordinator.kill();
		await folder[Symbol.asyncDispose]();
	});
	return { folder, coordinator };
};

it('an empty folder becomes a mill that works, by what it prints and its screens say', async () => {
	const { folder, coordinator } = startFresh();
	const { origin: url, pathname, hash } = new URL((await coordinator.line(/set up: (\S+)/))[1] as string);
	const portal = await Portal.open(browser(), { url, administrator: ADA }, { signedIn: false, at: pathname + hash });
	const { page } = portal;
	await page.getByLabel('Name', { exact: true }).fill(ADA.username);
	await page.getByLabel('Password', { exact: true }).fill(ADA.password);
	await portal.button('Make the account').click();

	// Into the console, and from its first problem to what mends it.
	await portal.button('Account menu of ada').click();
	await page.getByRole('link', { name: 'Console' }).click();
	await page.getByRole('heading', { name: 'Overview' }).waitFor();
	const problem = page.getByRole('listitem').filter({ hasText: 'No machine has joined' });
	await problem.getByRole('link', { name: 'Add a node' }).click();
	await portal.button('Make the command').click();
	await page.getByText('Waiting for the machine to join…').waitFor();
	const command = (await page.getByRole('region', { name: 'the command' }).textContent()) ?? '';
	const [, token = '', to = ''] = /^MILLRACE_TOKEN=(\S+) agent start --coordinator (\S+)/.exec(command) ?? [];
	const nodeToken = () => Promise.resolve(token);
	const agent = await startAgent({ url: to, nodeToken }, { name: 'first', workDir: folder.join('agent') });
	onTestFinished(() => agent[Symbol.asyncDispose]());
	await page.getByText('Welcome, first').waitFor();

	// What is uploaded is worked on at once; the console tells of it.
	await portal.button('Account menu of ada').click();
	await page.getByRole('link', { name: 'Portal' }).click();
	await portal.live();
	const picture = folder.join('harbour.jpg');
	writeFileSync(picture, await makeJpeg(new SeededRandom(5)));
	await portal.pick([picture]);
	await portal
		.row('harbour.jpg')
		.getByText(/thumbnail.* done/)
		.first()
		.waitFor();
	await portal.go(consolePath('/tasks?type=thumbnail'));
	const task = page.locator('[data-row]').filter({ hasText: 'harbour.jpg' });
	await task.getByText('done').waitFor();
	await task.getByRole('link').first().click();
	await page.getByText(/^Done after/).waitFor();
	await page.locator('main').getByRole('link', { name: 'first', exact: true }).waitFor();
	await page.getByRole('link', { name: 'Overview', exact: true }).click();
	await page.getByText(/All \d+ checks are well/).waitFor();
	expect(portal.faults).toEqual([]);
});
