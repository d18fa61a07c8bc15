import { Tabs } from '@mantine/core';
import { useState } from 'react';
import { CopyButton } from '../../kit/copy-button.tsx';
import classes from './drive.module.css';
import { type Drive, type Step, waysOf } from './drive-ways.ts';

const StepView = ({ step }: { step: Step }) =>
	typeof step === 'string' ? (
		<p>{step}</p>
	) : (
		<div className={classes.copied}>
			<code>{step.code}</code>
			<CopyButton text={step.code} what={step.what} />
		</div>
	);

/** What to do, by the program that opens the drive. */
export const DriveSteps = ({ drive, first }: { drive: Drive; first: string }) => {
	const [shown, show] = useState<string | null>(first);
	const ways = waysOf(drive);
	return (
		<Tabs variant="pills" value={shown} onChange={show} keepMounted={false}>
			<Tabs.List className={classes.tabs!} aria-label="Programs that open the drive">
				{ways.map(({ id, label }) => (
					<Tabs.Tab key={id} value={id}>
						{label}
					</Tabs.Tab>
				))}
			</Tabs.List>
			{ways.map(({ id, steps }) => (
				<Tabs.Panel key={id} value={id} className={classes.steps!}>
					{steps.map((step) => (
						<StepView key={typeof step === 'string' ? step : step.what} step={step} />
					))}
				</Tabs.Panel>
			))}
		</Tabs>
	);
};
