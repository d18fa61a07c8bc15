import { type MantineColorScheme, SegmentedControl, useMantineColorScheme } from '@mantine/core';
import { Icon, type IconName } from '../icons.tsx';

const CHOICES: { value: MantineColorScheme; label: string; icon: IconName }[] = [
	{ value: 'light', label: 'Light', icon: 'sun' },
	{ value: 'dark', label: 'Dark', icon: 'moon' },
	{ value: 'auto', label: 'System', icon: 'device' },
];

/** Light, dark, or as the system has it; remembered on this device. */
export const ColorSchemeControl = () => {
	// Mantine would hold transitions back by an injected <style>, which the page's policy forbids.
	const { colorScheme, setColorScheme } = useMantineColorScheme({ keepTransitions: true });
	return (
		<SegmentedControl
			fullWidth
			size="xs"
			aria-label="Colours"
			value={colorScheme}
			onChange={(value) => setColorScheme(value as MantineColorScheme)}
			data={CHOICES.map(({ value, label, icon }) => ({
				value,
				label: (
					<span style={{ display: 'inline-flex', alignItems: 'center', gap: 6 }}>
						<Icon name={icon} size={14} />
						{label}
					</span>
				),
			}))}
		/>
	);
};
