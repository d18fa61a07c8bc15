import { serveBackup } from './backup/backup-thread-server.ts';

void serveBackup();
