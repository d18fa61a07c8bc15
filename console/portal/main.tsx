import '../kit/symbol-dispose.ts';
import '@fontsource-variable/inter/wght.css';
import '@mantine/core/styles.layer.css';
import '@mantine/notifications/styles.layer.css';
import 'virtual:millrace-theme.css';
import '../kit/kit.css';
import { createRoot } from 'react-dom/client';
import { keepFocus } from '../kit/keep-focus.ts';
import { App } from './app.tsx';

const root = document.getElementById('root');
if (root === null) throw new Error('the page has no #root');
keepFocus();
createRoot(root).render(<App />);
