import { serveHistory } from './monitoring/history-thread-server.ts';

serveHistory();
