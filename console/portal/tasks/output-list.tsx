import { Button } from '@mantine/core';
import type { TaskDetail } from '../../../shared/protocol/task.ts';
import { CopyButton } from '../../kit/copy-button.tsx';
import { formatBytes } from '../../kit/format.ts';
import { Icon } from '../../kit/icons.tsx';
import classes from './task-page.module.css';

const PICTURE = /^image\/(jpeg|png|webp|gif|avif)$/;

/** Files that came out, with a way to get and to prove them. */
export const OutputList = ({ outputs }: { outputs: TaskDetail['outputs'] }) => (
	<ul className={classes.outputs}>
		{outputs.map((output) => (
			<li key={output.name}>
				{PICTURE.test(output.mediaType) ? (
					<img src={withInline(output.url)} alt={`Output ${output.name}`} loading="lazy" />
				) : (
					<span className={classes.outputIcon}>
						<Icon name="file" size={22} />
					</span>
				)}
				<div className={classes.outputWords}>
					<strong>{output.name}</strong>
					<span className={classes.quiet}>
						{output.mediaType} · {formatBytes(output.size)}
					</span>
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
		))}
	</ul>
);

const withInline = (url: string): string => `${url}${url.includes('?') ? '&' : '?'}inline=true`;
