import { writeFile } from 'node:fs/promises';
import { afterAll, describe, expect, it } from 'vitest';
import {
	MAX_OUTPUT_LIST_BYTES,
	MAX_RESULT_BYTES,
	MAX_SETTLEMENT_BYTES,
} from '../../shared/protocol/settlement-bounds.ts';
import { TempFolder } from '../../test/support/temp-folder.ts';
import { RunContext } from './run-context.ts';

const folder = new TempFolder();
afterAll(() => folder[Symbol.asyncDispose]());

describe('the outputs of a run', () => {
	const finish = async (count: number, nameOf: (number: number) => string) => {
		const path = folder.join('output');
		await writeFile(path, 'x');
		const run = { id: 1, type: 'x', parameters: {}, inputs: [], folder: folder.join('run'), outputBytes: 1e9 };
		const context = new RunContext(run, () => {});
		for (let number = 0; number < count; number++) context.addOutput(nameOf(number), path, 'text/plain');
		return context.finish();
	};

	it('may be a thousand', async () => {
		expect(await finish(1_000, (number) => `frame-${number}.png`)).toHaveLength(1_000);
	});

	it('may not have names that make too large a settlement', async () => {
		const failure = { class: 'permanent', code: 'bad-output' };
		const name = (number: number) => String(number).padStart(250, 'n');
		await expect(finish(1_000, name)).rejects.toMatchObject({ failure });
		await expect(
			finish(400, (number) => `${number}${'"'.repeat(250)}`),
			'as they are written in JSON',
		).rejects.toMatchObject({ failure });
		expect(await finish(400, name)).toHaveLength(400);
	});

	it('fit a settlement together with the largest result', () => {
		expect(MAX_OUTPUT_LIST_BYTES + MAX_RESULT_BYTES + 1_000).toBeLessThan(MAX_SETTLEMENT_BYTES);
	});
});
