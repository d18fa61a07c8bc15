import type { Manifest } from '../../../shared/protocol/task-type.ts';
import { formatBytes, formatDuration } from '../../kit/format.ts';
import { Fact } from '../../kit/shell/fact.tsx';
import page from '../../kit/shell/page.module.css';
import { needsInWords } from './node-fit.ts';
import { words } from './words.ts';

/** What a manifest says besides its parameters. */
export const ManifestFacts = ({ type }: { type: Manifest }) => {
	const { inputs, outputs, limits, retry, command, secrets } = type;
	return (
		<section className={page.card} aria-label={words.facts}>
			<h2>{words.facts}</h2>
			<dl className={page.facts}>
				<Fact name={words.version}>
					{type.version}, {command === undefined ? words.builtIn : words.installed}
				</Fact>
				<Fact name={words.category}>{type.category}</Fact>
				<Fact name={words.inputs}>
					{inputs.max === 0 ? words.noInputs : words.inputsOf(inputs.min, inputs.max, inputs.mediaTypes.join(', '))}
				</Fact>
				<Fact name={words.outputs}>
					{outputs.length === 0
						? words.outputsNone
						: outputs.map(({ name, mediaType }) => `${name} (${mediaType})`).join(', ')}
				</Fact>
				<Fact name={words.needs}>{needsInWords(type.needs)}</Fact>
				<Fact name={words.routingKey}>
					<span className="millrace-mono">{type.routingKey}</span>
				</Fact>
				<Fact name={words.limits}>
					{[
						words.soft(formatDuration(limits.softMs)),
						words.hard(formatDuration(limits.hardMs)),
						words.memory(formatBytes(limits.memoryBytes)),
						words.output(formatBytes(limits.outputBytes)),
					].join(', ')}
				</Fact>
				<Fact name={words.retries}>{words.retriesOf(retry.maxFailures, retry.maxWorkerLosses)}</Fact>
				<Fact name={words.network}>{type.network === 'none' ? words.networkNone : words.networkGuarded}</Fact>
				<Fact name={words.deterministic}>{type.deterministic ? words.sameResult : words.otherResult}</Fact>
				{secrets.length > 0 && <Fact name={words.secrets}>{secrets.map(({ title }) => title).join(', ')}</Fact>}
				{command !== undefined && (
					<Fact name={words.program}>
						<span className="millrace-mono">{command.join(' ')}</span>
					</Fact>
				)}
			</dl>
		</section>
	);
};
