import { Button, Group, NumberInput, Stack, Switch, Textarea } from '@mantine/core';
import { useState } from 'react';
import { MOST_SLOTS, type NodeView } from '../../../shared/protocol/node.ts';
import { labelLines, labelsIn } from './node-acts.ts';
import { useNodeActs } from './use-node-acts.ts';
import { words } from './words.ts';

const isSame = (a: Readonly<Record<string, string>>, b: Readonly<Record<string, string>>): boolean =>
	labelLines(a) === labelLines(b);

/** How many tasks a node runs at once, and its labels; both count at once. */
export const SettingsForm = ({ node, onClose }: { node: NodeView; onClose(): void }) => {
	const declared = node.declared?.labels ?? {};
	const wasByHand = !isSame(node.labels, declared);
	const [concurrency, setConcurrency] = useState<number | string>(node.concurrency);
	const [byHand, setByHand] = useState(wasByHand);
	const [text, setText] = useState(labelLines(node.labels));
	const [fault, setFault] = useState<string | null>(null);
	const { configure } = useNodeActs(node, onClose);
	const save = () => {
		const read = labelsIn(text);
		if (byHand && 'fault' in read) {
			setFault(read.fault);
			return;
		}
		const labels = byHand && 'labels' in read ? read.labels : null;
		const isOther = labels === null ? wasByHand : !wasByHand || !isSame(labels, node.labels);
		const slots = typeof concurrency === 'number' && concurrency !== node.concurrency ? { concurrency } : {};
		const wish = { ...slots, ...(isOther ? { labels } : {}) };
		if (Object.keys(wish).length === 0) onClose();
		else configure.mutate(wish);
	};
	return (
		<form
			onSubmit={(event) => {
				event.preventDefault();
				if (!configure.isPending) save();
			}}
		>
			<Stack gap="md">
				<NumberInput
					label={words.concurrency}
					description={words.concurrencyHint(node.declared?.concurrency ?? null)}
					value={concurrency}
					onChange={setConcurrency}
					min={1}
					max={MOST_SLOTS}
					allowDecimal={false}
					clampBehavior="strict"
					required
					data-autofocus
				/>
				<Switch
					label={words.ownLabels}
					description={words.ownLabelsHint}
					checked={byHand}
					onChange={(event) => {
						setByHand(event.currentTarget.checked);
						setFault(null);
					}}
				/>
				<Textarea
					label={words.labels}
					description={words.labelsHint}
					value={byHand ? text : labelLines(declared)}
					disabled={!byHand}
					autosize
					minRows={2}
					maxRows={10}
					spellCheck={false}
					error={fault}
					onChange={(event) => {
						setText(event.currentTarget.value);
						setFault(null);
					}}
				/>
				<Group justify="flex-end" gap="sm">
					<Button variant="default" onClick={onClose}>
						{words.keep}
					</Button>
					<Button type="submit" loading={configure.isPending} disabled={typeof concurrency !== 'number'}>
						{words.save}
					</Button>
				</Group>
			</Stack>
		</form>
	);
};
