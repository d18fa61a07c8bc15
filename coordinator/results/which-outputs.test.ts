import { expect, it } from 'vitest';
import { BUILT_IN_TASK_TYPES } from '../../shared/protocol/built-in-task-types.ts';
import { templateOf } from './which-outputs.ts';

const typeOf = (name: string) => BUILT_IN_TASK_TYPES.find((type) => type.name === name)!;

it.each([
	['fetch', 'anything at all.bin', '{output}'],
	['url', 'content.html', '{output}'],
	['url', 'items.jsonl', '{output}'],
	['url', 'other.txt', null],
	['thumbnail', 'something else', null],
])('%s files %s by %j', (type, name, template) => expect(templateOf(typeOf(type), name)).toBe(template));
