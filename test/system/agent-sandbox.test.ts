import { execFileSync } from 'node:child_process';
import { existsSync, writeFileSync } from 'node:fs';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { writeCommandTypes } from '../support/command-types.ts';
import { FakeCoordinator } from '../support/fake-coordinator.ts';
import { makeAssignment, refOf } from '../support/make-assignment.ts';
import { builtFile } from '../support/repository.ts';
import { type RunningAgent, startAgent } from '../support/start-agent.ts';
import { TempFolder } from '../support/temp-folder.ts';

const folder = new TempFolder();
const secret = folder.join('secret.txt');
const ARGUMENTS = [
	'$(id)',
	'`id`',
	'; exit 3',
	'-rf',
	'--',
	'a\'b"c',
	'*',
	'',
	' two  words ',
	'&& false',
	'\\',
	'$HOME',
	'ü\n',
];

const probed = (): string =>
	JSON.parse(execFileSync(process.execPath, [builtFile('agent/main.js'), 'probe', '--json'], { encoding: 'utf8' }))
		.capabilities.sandbox;

let fake: FakeCoordinator;
let agent: RunningAgent;
let level = '';

beforeAll(async () => {
	level = probed();
	if (level !== 'strong') return;
	writeFileSync(secret, 'nobody but the owner');
	fake = await FakeCoordinator.start();
	const types = folder.join('types');
	const { port } = new URL(fake.url);
	writeCommandTypes(types, {
		// Each line tries one thing: `yes` after `control` means that the sandbox has a hole.
		pry: {
			script: `
try() { name=$1; shift; if "$@" >/dev/null 2>&1; then echo "$name yes"; else echo "$name no"; fi; }
try control bash -c 'cat run.sh && exec 3</dev/null'
try secret cat ${secret}
try key cat ${folder.join('agent', 'identity.json')}
try spool cat ${folder.join('agent', 'settlements.jsonl')}
try others ls ${folder.join('agent', 'attempts')}/1
try home ls ${process.env.HOME?.startsWith('/tmp') ? '/root' : process.env.HOME}
try shadow cat /etc/shadow
try network bash -c 'exec 3<>/dev/tcp/127.0.0.1/${port}'
try outside bash -c 'exec 3<>/dev/tcp/192.0.2.1/80'
try kill kill -0 $1
try users unshare --user true
try mount mount -t tmpfs none /mnt
try system sh -c 'echo x > /usr/bin/millrace-was-here'
try itself sh -c 'echo x > run.sh'
try input sh -c 'echo x > "$MILLRACE_INPUTS/input-0"'
try raw test -r /dev/sda -o -r /dev/vda -o -r /dev/mem
echo "token \${MILLRACE_TOKEN:-no}"
echo "processes $(ls -d /proc/[0-9]* | wc -l)"
test -n "$MILLRACE_PARAMETERS" && cat "$MILLRACE_PARAMETERS" > "$MILLRACE_RESULT"`,
			args: [String(process.pid)],
		},
		arguments: { script: 'for a; do printf "%s\\0" "$a"; done > "$MILLRACE_OUTPUTS/arguments"', args: ARGUMENTS },
		copy: {
			script:
				'cat "$MILLRACE_INPUTS/input-0" > "$MILLRACE_OUTPUTS/copy.txt"; echo \'{"done":true}\' > "$MILLRACE_RESULT"',
		},
		link: { script: `ln -s ${secret} "$MILLRACE_OUTPUTS/innocent.txt"` },
		'linked-result': { script: `ln -s ${secret} "$MILLRACE_RESULT"` },
		large: { script: 'head -c 30000000 /dev/zero > "$MILLRACE_OUTPUTS/large"' },
		several: { script: 'for i in 1 2 3 4 5; do head -c 900000 /dev/zero > "$MILLRACE_OUTPUTS/$i"; done' },
		'bad-data': { script: 'echo "no such column" >&2; exit 65' },
		'bad-result': { script: 'echo "[1]" > "$MILLRACE_RESULT"' },
		'odd-name': { script: 'touch "$MILLRACE_OUTPUTS/a\\\\b"' },
		bomb: { script: 'f() { f | f & }; f; sleep 5; echo survived' },
		slow: { script: 'echo waiting; sleep 30' },
	});
	agent = await startAgent(fake, { concurrency: 3, workDir: folder.join('agent'), args: ['--task-types', types] });
});
afterAll(async () => {
	await agent?.[Symbol.asyncDispose]();
	await fake?.close();
	await folder[Symbol.asyncDispose]();
});
beforeEach((context) => {
	if (level !== 'strong') context.skip('no strong sandbox works on this machine (bubblewrap is missing or forbidden)');
});

test('a program sees nothing of the host: no files, key, other attempts, network, processes or secrets', async () => {
	const other = makeAssignment('slow', { sandbox: 'strong' });
	fake.assign(other);
	await fake.until('log', (seen) => seen.task === other.task);
	const parameters = { text: 'a "b" $(c)', list: [1] };
	const inputs = [fake.addInput(Buffer.from('input'))];
	const task = makeAssignment('pry', { sandbox: 'strong', parameters, inputs });
	fake.assign(task);
	expect(await fake.settled(task)).toMatchObject({ outcome: 'succeeded', result: parameters });
	const lines = fake.seen.flatMap((one) => (one.kind === 'log' && one.task === task.task ? one.lines : []));
	const answers = Object.fromEntries(lines.map(({ text }) => text.split(' ')));
	const { processes, control, ...rest } = answers;
	expect(control, 'what is allowed works').toBe('yes');
	expect(Number(processes)).toBeLessThan(10);
	expect(Object.keys(rest)).toHaveLength(16);
	expect(Object.entries(rest).filter(([, answer]) => answer !== 'no')).toEqual([]);
	expect(existsSync('/usr/bin/millrace-was-here')).toBe(false);
	fake.emit('task:cancel', { attempts: [{ ...refOf(other), reason: 'cancelled' }] });
	await fake.settled(other);
});

test('arguments arrive as they are: no shell looks at them', async () => {
	const settlement = await fake.run('arguments', { sandbox: 'strong' });
	expect(settlement).toMatchObject({ outcome: 'succeeded' });
	const got = fake.outputs.get(`${settlement.task}/1/arguments`)?.toString() ?? '';
	expect(got.split('\0').slice(0, -1)).toEqual(ARGUMENTS);
});

test('a program gets its inputs, and its files and result come back', async () => {
	const settlement = await fake.run('copy', { inputs: [fake.addInput(Buffer.from('some content\n'))] });
	expect(settlement).toMatchObject({
		outcome: 'succeeded',
		result: { done: true },
		outputs: [{ name: 'copy.txt', size: 13, mediaType: 'text/plain' }],
	});
	expect(fake.outputs.get(`${settlement.task}/1/copy.txt`)?.toString()).toBe('some content\n');
});

test('a link among the outputs or as the result is refused, so that no file of the host gets out', async () => {
	const output = await fake.run('link');
	expect(output).toMatchObject({ outcome: 'failed', failure: { class: 'permanent', code: 'bad-output' } });
	const result = await fake.run('linked-result');
	expect(result).toMatchObject({ outcome: 'failed', failure: { class: 'permanent', code: 'bad-result' } });
});

test('outputs beyond the limit are a failure of class resource', async () => {
	for (const type of ['large', 'several']) {
		const settlement = await fake.run(type, { limits: { outputBytes: 2_000_000 } });
		expect(settlement).toMatchObject({ outcome: 'failed', failure: { class: 'resource', code: 'output-limit' } });
	}
});

test('exit codes say whose fault it was, and the last line on standard error says why', async () => {
	expect(await fake.run('bad-data')).toMatchObject({
		failure: { class: 'input', message: expect.stringContaining('no such column') },
	});
	expect(await fake.run('bad-result')).toMatchObject({ failure: { class: 'permanent', code: 'bad-result' } });
	expect(await fake.run('odd-name')).toMatchObject({ failure: { class: 'permanent', code: 'bad-output' } });
});

test('a fork bomb is held, and leaves nothing', async () => {
	const settlement = await fake.run('bomb', { limits: { softMs: 1_000, hardMs: 1_500 } });
	expect(['failed', 'succeeded']).toContain(settlement.outcome);
	expect(await fake.run('copy', { inputs: [fake.addInput(Buffer.from('x'))] })).toMatchObject({ outcome: 'succeeded' });
});

test('a node without a sandbox does not run what needs one', async () => {
	await using bare = await FakeCoordinator.start();
	await using weak = await startAgent(bare, { args: ['--task-types', folder.join('types'), '--sandbox', 'none'] });
	expect((await bare.until('hello')).hello.capabilities.sandbox).toBe('none');
	const settlement = await bare.run('copy', { sandbox: 'strong' });
	expect(settlement).toMatchObject({ outcome: 'returned', reason: expect.stringContaining('sandbox') });
	expect(weak.process.isRunning).toBe(true);
});
