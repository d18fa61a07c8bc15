import { Button, Modal } from '@mantine/core';
import { Link } from 'react-router';
import type { DatasetView } from '../../../shared/protocol/dataset.ts';
import { CopyButton } from '../../kit/copy-button.tsx';
import { formatBytes, formatCount } from '../../kit/format.ts';
import { Icon } from '../../kit/icons.tsx';
import { Picture } from '../../kit/picture.tsx';
import { errorText } from '../../kit/remote/error-text.ts';
import { Fact } from '../../kit/shell/fact.tsx';
import pageClasses from '../../kit/shell/page.module.css';
import { LoadingState } from '../../kit/states.tsx';
import type { DatasetFile } from './browse-card.tsx';
import { previewOf, urlOfProcess } from './dataset-words.ts';
import classes from './datasets.module.css';
import { contentUrl, TEXT_BYTES, useText } from './use-datasets.ts';

interface FileDialogProps {
	dataset: DatasetView;
	version: number;
	file: DatasetFile | null;
	onClose(): void;
}

/** One file of a dataset: how it looks, what is known of it, and what may be done with it. */
export const FileDialog = ({ dataset, version, file, onClose }: FileDialogProps) => (
	<Modal opened={file !== null} onClose={onClose} title={file?.name ?? ''} size="xl">
		{file && <FileView dataset={dataset} version={version} file={file} />}
	</Modal>
);

type FileViewProps = Omit<FileDialogProps, 'file' | 'onClose'> & { file: DatasetFile };

const FileView = ({ dataset, version, file }: FileViewProps) => {
	const isUsable = dataset.licence.accepted;
	return (
		<>
			{isUsable && <Preview dataset={dataset} version={version} file={file} />}
			<dl className={pageClasses.facts}>
				<Fact name="Path">{file.path}</Fact>
				<Fact name="Size">
					{formatBytes(file.size)} ({formatCount(file.size)} bytes)
				</Fact>
				<Fact name="Type">{file.mediaType ?? 'not known'}</Fact>
				<Fact name="Since">version {file.addedIn}</Fact>
				<Fact name="SHA-256">
					<span className={classes.hash}>
						<code className="millrace-mono">{file.sha256}</code>
						<CopyButton text={file.sha256} what="the SHA-256" />
					</span>
				</Fact>
			</dl>
			{isUsable ? (
				<div className={classes.dialogActs}>
					<Button
						component="a"
						href={contentUrl(dataset.name, file.path, version)}
						download={file.name}
						leftSection={<Icon name="download" size={17} />}
					>
						Download
					</Button>
					<Button
						component={Link}
						to={urlOfProcess(dataset.name, file.path)}
						variant="default"
						leftSection={<Icon name="zap" size={17} />}
					>
						Process…
					</Button>
				</div>
			) : (
				<p className={pageClasses.quiet}>Accept the licence, and you may open, download and process it.</p>
			)}
		</>
	);
};

const Preview = ({ dataset, version, file }: FileViewProps) => {
	const kind = previewOf(file);
	const text = useText(dataset.id, file.path, version, file.size, kind === 'text');
	if (kind === null) return null;
	if (kind === 'picture') {
		return (
			<Picture
				className={classes.preview}
				src={contentUrl(dataset.name, file.path, version, true)}
				alt={`Preview of ${file.name}`}
				otherwise={<p className={pageClasses.quiet}>The picture is damaged: the browser cannot show it.</p>}
			/>
		);
	}
	if (text.data === undefined) {
		return text.isError ? (
			<p className={pageClasses.fault} role="alert">
				{errorText(text.error)}
			</p>
		) : (
			<LoadingState what="the text" rows={4} />
		);
	}
	return (
		<>
			{/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard */}
			<section className={classes.text} tabIndex={0} aria-label={`Text of ${file.name}`}>
				<pre>{text.data}</pre>
			</section>
			{file.size > TEXT_BYTES && <p className={pageClasses.quiet}>These are the first {formatBytes(TEXT_BYTES)}.</p>}
		</>
	);
};
