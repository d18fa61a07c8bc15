import { Button, Modal } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { Link } from 'react-router';
import type { DatasetView } from '../../../shared/protocol/dataset.ts';
import { Icon } from '../../kit/icons.tsx';
import { useMe } from '../../kit/session/session.tsx';
import pageClasses from '../../kit/shell/page.module.css';
import { AboutForm, NextVersionForm } from './change-forms.tsx';
import { mayChange, urlOfProcess } from './dataset-words.ts';
import { DeleteDialog } from './delete-dialog.tsx';

/** What may be done with a dataset as a whole. */
export const DatasetActs = ({ dataset }: { dataset: DatasetView }) => {
	const me = useMe();
	const [publishing, publish] = useDisclosure(false);
	const [changing, change] = useDisclosure(false);
	const [asking, ask] = useDisclosure(false);
	const isUsable = dataset.version > 0 && dataset.licence.accepted;
	const isOwn = dataset.owner?.id === me.id;
	return (
		<div className={pageClasses.acts}>
			{isUsable && (
				<Button component={Link} to={urlOfProcess(dataset.name, '')} leftSection={<Icon name="zap" size={17} />}>
					Process…
				</Button>
			)}
			{mayChange(dataset, me) && (
				<>
					{isOwn && (
						<Button
							variant="default"
							leftSection={<Icon name="upload" size={17} />}
							disabled={dataset.state === 'importing'}
							onClick={publish.open}
						>
							New version…
						</Button>
					)}
					<Button variant="default" leftSection={<Icon name="edit" size={17} />} onClick={change.open}>
						Change…
					</Button>
					<Button variant="default" leftSection={<Icon name="trash" size={17} />} onClick={ask.open}>
						Delete…
					</Button>
				</>
			)}
			<Modal opened={publishing} onClose={publish.close} title={`New version of ${dataset.title}`} size="lg">
				<NextVersionForm dataset={dataset} onClose={publish.close} />
			</Modal>
			<Modal opened={changing} onClose={change.close} title={`Change ${dataset.title}`} size="lg">
				<AboutForm dataset={dataset} onClose={change.close} />
			</Modal>
			<DeleteDialog dataset={dataset} opened={asking} onClose={ask.close} />
		</div>
	);
};
