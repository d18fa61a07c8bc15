// webdav-server as it is shipped, over a folder: `node webdav-server.mjs FOLDER` tells the port that it listens at.
import webdav from 'webdav-server';

const { v2 } = webdav;
const server = new v2.WebDAVServer({ port: 0, hostname: '127.0.0.1' });
server.setFileSystem('/', new v2.PhysicalFileSystem(process.argv[2]), () => {
	server.start((http) => console.log(`listening at ${http.address().port}`));
});
