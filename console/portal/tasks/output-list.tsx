import { Button } from '@mantine/core';
import type { TaskDetail } from '../../../shared/protocol/task.ts';
import { CopyButton } from '../../kit/copy-button.tsx';
import { formatBytes } from '../../kit/format.ts';
import { Icon } from '../../kit/icons.tsx';
import { FilingLine } from '../results/filing-line.tsx';
import { useTaskResults } from '../results/use-results.ts';
import { OutputPicture } from './output-picture.tsx';
import classes from './task-page.module.css';

/** Files that came out, with a way to get and to prove them, and what became of each as a file of one’s own. */
export const OutputList = ({ task }: { task: Pick<TaskDetail, 'id' | 'outputs' | 'filings'> }) => {
	const results = useTaskResults(
		task.id,
		task.filings.some(({ state }) => state === 'filed'),
	).data?.items;
	return (
		<ul className={classes.outputs}>
			{task.outputs.map((output) => {
				const filing = task.filings.find(({ name }) => name === output.name);
				return (
					<li key={output.name}>
						<OutputPicture output={output} />
						<div className={classes.outputWords}>
							<strong>{output.name}</strong>
							<span className={classes.quiet}>
								{output.mediaType} · {formatBytes(output.size)}
							</span>
							{filing && <FilingLine filing={filing} result={results?.find((one) => one.output === output.name)} />}
						</div>
						<CopyButton text={output.sha256} what={`the SHA-256 of ${output.name}`} />
						<Button
							component="a"
							href={output.url}
							download={output.name}
							variant="default"
							size="sm"
							leftSection={<Icon name="download" size={16} />}
						>
							Download<span className="millrace-off-screen"> {output.name}</span>
						</Button>
					</li>
				);
			})}
		</ul>
	);
};
