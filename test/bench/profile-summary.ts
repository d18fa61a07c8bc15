import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

interface CpuProfile {
	nodes: { id: number; callFrame: { functionName: string; url: string; lineNumber: number } }[];
	samples: number[];
	timeDeltas: number[];
}

const SHOWN = 25;

const placeOf = ({ functionName, url, lineNumber }: CpuProfile['nodes'][number]['callFrame']): string => {
	const file = url.replace(/^file:\/\//, '').replace(/^.*\/(node_modules|dist)\//, '');
	return `${functionName || '(anonymous)'}${file ? ` ${file}:${lineNumber + 1}` : ''}`;
};

/** Where one thread spent its time: the functions with most time of their own, as lines. */
export const summaryOf = (file: string): string => {
	const profile = JSON.parse(readFileSync(file, 'utf8')) as CpuProfile;
	const names = new Map(profile.nodes.map((node) => [node.id, placeOf(node.callFrame)]));
	const own = new Map<string, number>();
	let total = 0;
	for (const [i, id] of profile.samples.entries()) {
		const micros = profile.timeDeltas[i] ?? 0;
		const name = names.get(id) ?? '?';
		own.set(name, (own.get(name) ?? 0) + micros);
		total += micros;
	}
	const idle = own.get('(idle)') ?? 0;
	const busy = total - idle;
	const top = [...own].filter(([name]) => name !== '(idle)').sort((a, b) => b[1] - a[1]);
	const lines = top.slice(0, SHOWN).map(([name, micros]) => {
		const share = ((micros / busy) * 100).toFixed(1).padStart(5);
		return `${share} %  ${(micros / 1000).toFixed(0).padStart(7)} ms  ${name}`;
	});
	return [`${file}: ${(busy / 1e6).toFixed(2)} s busy of ${(total / 1e6).toFixed(2)} s`, ...lines].join('\n');
};

/** The summaries of all profiles in a folder. */
export const summariesOf = (folder: string): string =>
	readdirSync(folder)
		.filter((name) => name.endsWith('.cpuprofile'))
		.map((name) => summaryOf(join(folder, name)))
		.join('\n\n');
