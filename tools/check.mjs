import { ensureInstalled, runTool } from './install.mjs';
import { ROOT, run } from './run-command.mjs';

const STEPS = {
	'biome ci': () => runTool('@biomejs/biome/bin/biome', ['ci', '.']),
	'tsc --build': () => runTool('typescript/bin/tsc', ['--build']),
	knip: () => runTool('knip/bin/knip.js', []),
	walls: () => run(process.execPath, ['tools/check-walls.mjs'], { cwd: ROOT }),
	'file size': () => run(process.execPath, ['tools/check-file-size.mjs'], { cwd: ROOT }),
};

await ensureInstalled();
const failed = [];
for (const [name, step] of Object.entries(STEPS)) {
	console.log(`\n=== ${name}`);
	if ((await step()) !== 0) failed.push(name);
}
console.log('');
for (const name of failed) console.log(`FAILED: ${name}`);
console.log(`${Object.keys(STEPS).length - failed.length} passed, ${failed.length} failed`);
process.exit(failed.length > 0 ? 1 : 0);
